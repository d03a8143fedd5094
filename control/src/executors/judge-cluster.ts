import type { Reason } from '../errors/reason.ts';
import type { TargetSettings } from '../spec/target-settings.ts';
import type { Observation } from './executor.ts';
import {
  aliveWorkers,
  type ClusterView,
  type MasterAnswer,
  type WorkerView,
} from './spark-master.ts';

/** What a spec asks of a cluster. */
export type ClusterWish = TargetSettings['standalone'];

/** Where the cluster is, for sentences. */
export interface ClusterPlace {
  readonly master: string;
  readonly masterUi: string;
}

/** Why a driver would never get an executor here; undefined when it can. A cluster that is busy now is none. */
export function refuseCluster(
  wish: ClusterWish,
  answer: MasterAnswer,
  { master, masterUi }: ClusterPlace,
): Reason | undefined {
  const { 'executor-cores': cores, 'executor-memory-mb': memory, 'max-cores': maxCores } = wish;
  if (maxCores < cores) {
    const parameters = { executorCores: asCores(cores), maxCores: asCores(maxCores) };
    return { code: 'CLUSTER_CORES_TOO_FEW', parameters };
  }
  if (answer.view === undefined) {
    return {
      code: 'CLUSTER_UNREACHABLE',
      parameters: { address: masterUi, problem: answer.problem },
    };
  }
  const workers = aliveWorkers(answer.view);
  if (workers.some((worker) => worker.cores >= cores && worker.memory >= memory)) return undefined;
  const parameters = { cores: asCores(cores), memory, master, has: describeWorkers(workers) };
  return { code: 'CLUSTER_TOO_SMALL', parameters };
}

type ApplicationShown = ClusterView['activeapps'][number];

/** What a master says of an application whose driver lives. */
export type ApplicationView = Pick<Extract<Observation, { kind: 'running' }>, 'waiting' | 'note'>;

/**
 * A driver without executors waits. A master that cannot be asked is worth a note and no more: the driver and its
 * executors need it only to replace what is lost.
 */
export function judgeApplication(
  application: string,
  answer: MasterAnswer,
  { master, masterUi }: ClusterPlace,
): ApplicationView {
  if (answer.view === undefined) {
    const parameters = { address: masterUi, problem: answer.problem };
    return { note: { code: 'CLUSTER_UNSEEN', parameters } };
  }
  const active = answer.view.activeapps.find(({ id }) => id === application);
  if (active) return active.cores > 0 ? {} : { waiting: full(active, answer.view) };
  const state = answer.view.completedapps.find(({ id }) => id === application)?.state;
  // The driver is about to end.
  if (state === 'FINISHED') return {};
  const why = state ? `for it, the application has ended as ${state}` : 'it has started anew since';
  return { waiting: { code: 'CLUSTER_FORGOT', parameters: { master, application, why } } };
}

function full({ id, memoryperexecutor: memory }: ApplicationShown, view: ClusterView): Reason {
  return {
    code: 'CLUSTER_FULL',
    parameters: { application: id, memory, free: describeFree(view) },
  };
}

function describeFree(view: ClusterView): string {
  const workers = aliveWorkers(view);
  if (workers.length === 0) return 'there are no workers';
  const free = workers.map(
    (one) => `${one.coresfree} of ${asCores(one.cores)} and ${one.memoryfree} MiB`,
  );
  return `the workers have free: ${free.slice(0, 5).join(', ')}${free.length > 5 ? ', ...' : ''}`;
}

/** Workers of one size are counted together. */
function describeWorkers(workers: readonly WorkerView[]): string {
  const sizes = workers.map(({ cores, memory }) => `${asCores(cores)} and ${memory} MiB`);
  const counted = [...new Set(sizes)].map((size) => {
    const count = sizes.filter((other) => other === size).length;
    return `${count} ${count === 1 ? 'worker' : 'workers'} of ${size}`;
  });
  return counted.length === 0 ? 'no workers' : counted.slice(0, 5).join(', ');
}

function asCores(count: number): string {
  return count === 1 ? '1 core' : `${count} cores`;
}
