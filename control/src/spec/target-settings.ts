import { type Static, Type } from 'typebox';

/** What a run takes when its spec says nothing of it. */
export const usualTargets = Object.freeze({
  standalone: {
    'executor-cores': 1,
    'executor-memory-mb': 1024,
    'max-cores': 2,
    'driver-memory-mb': 1024,
  },
  glue: { version: '6.0', 'worker-type': 'G.025X', workers: 2 },
} as const);

const closed = { additionalProperties: false };
const count = (description: string, fallback: number) =>
  Type.Integer({ description, minimum: 1, maximum: 1000, default: fallback });
const mebibytes = (description: string, fallback: number) =>
  Type.Integer({ description, minimum: 512, maximum: 1_048_576, default: fallback });

const standalone = Type.Object(
  {
    'executor-cores': count('Cores of each executor.', usualTargets.standalone['executor-cores']),
    'executor-memory-mb': mebibytes(
      'Heap of each executor, in MiB.',
      usualTargets.standalone['executor-memory-mb'],
    ),
    'max-cores': count('Cores of all executors together.', usualTargets.standalone['max-cores']),
    'driver-memory-mb': mebibytes(
      'Heap of the driver, in MiB.',
      usualTargets.standalone['driver-memory-mb'],
    ),
  },
  { ...closed, description: 'On a Spark standalone cluster.', default: {} },
);

const glue = Type.Object(
  {
    version: Type.Enum(['6.0', '5.1', '5.0'], {
      description: 'Version of AWS Glue: Spark 4.1.1, 3.5.6 or 3.5.4.',
      default: usualTargets.glue.version,
    }),
    'worker-type': Type.Enum(['G.025X', 'G.1X', 'G.2X', 'G.4X', 'G.8X'], {
      description: 'Size of a worker: 0.25, 1, 2, 4 or 8 DPU.',
      default: usualTargets.glue['worker-type'],
    }),
    workers: Type.Integer({
      description: 'How many workers; one of them is the driver.',
      minimum: 2,
      maximum: 299,
      default: usualTargets.glue.workers,
    }),
  },
  { ...closed, description: 'On AWS Glue.', default: {} },
);

/** The clause `targets` of a spec: what a run takes where. A run on this machine takes what the service gives. */
export const targetSettings = Type.Object(
  { standalone, glue },
  { ...closed, description: 'What a run takes on a cluster or on AWS Glue.', default: {} },
);

/** As the spec says, defaults filled in. */
export type TargetSettings = Readonly<Static<typeof targetSettings>>;
