import { join, relative, resolve } from 'node:path';

/** Where the demo keeps what it makes. Absolute paths. */
export interface DemoPlaces {
  readonly root: string;
  /** Everything of the demo; emptied at each start. */
  readonly folder: string;
  /** Which processes were started, so that they can be ended by whoever comes after. */
  readonly ledger: string;
  readonly kafka: string;
  /** Logs and scratch files of the Spark cluster, when there is one. */
  readonly cluster: string;
  /** State of the control service. */
  readonly state: string;
  readonly logs: string;
  /** Each acknowledged event, as it was sent. */
  readonly sent: string;
  readonly sink: string;
  readonly mergedFile: string;
  readonly deadLetters: string;
}

export const projectRoot = resolve(import.meta.dirname, '../../..');

/** The places of a demo; SLUICE_DEMO_FOLDER moves them all. */
export function demoPlaces(environment: NodeJS.ProcessEnv): DemoPlaces {
  const folder = resolve(projectRoot, environment.SLUICE_DEMO_FOLDER ?? 'data/demo');
  return {
    root: projectRoot,
    folder,
    ledger: join(folder, 'processes.json'),
    kafka: join(folder, 'kafka'),
    cluster: join(folder, 'spark-cluster'),
    state: join(folder, 'state'),
    logs: join(folder, 'logs'),
    sent: join(folder, 'events-sent.jsonl'),
    sink: join(folder, 'device-events'),
    mergedFile: join(folder, 'device-events.csv'),
    deadLetters: join(folder, 'device-events-dead.jsonl'),
  };
}

/** A path as people read it best: relative when it lies below the working folder. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
