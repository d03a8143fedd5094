import { join } from 'node:path';
import { type DemoPlaces, demoPlaces } from '../demo/demo-places.ts';

/** Where the AWS demo keeps what it makes, and what it takes from the project. Absolute paths. */
export interface AwsDemoPlaces extends DemoPlaces {
  readonly runtimeFile: string;
  readonly spec: string;
  readonly template: string;
  /** State of the emulator. */
  readonly emulator: string;
  /** The zip of the collector. */
  readonly bundle: string;
  /** A copy of the merged file, which is in the emulator's bucket. */
  readonly mergedFile: string;
}

/** The places of the AWS demo; SLUICE_DEMO_FOLDER moves them all. */
export function awsDemoPlaces(environment: NodeJS.ProcessEnv): AwsDemoPlaces {
  const folder = environment.SLUICE_DEMO_FOLDER ?? 'data/demo-aws';
  const places = demoPlaces({ SLUICE_DEMO_FOLDER: folder });
  return {
    ...places,
    runtimeFile: join(places.root, '.sluice/runtime.json'),
    spec: join(places.root, 'spark-jobs/specs/crypto-markets.yaml'),
    template: join(places.root, 'infra/cloudformation/crypto-markets.template.json'),
    emulator: join(places.folder, 'aws'),
    bundle: join(places.folder, 'crypto-collector.zip'),
    mergedFile: join(places.folder, 'crypto-markets.csv'),
  };
}
