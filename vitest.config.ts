import { defineConfig } from 'vitest/config';

const real = [
  '**/*.journey.test.ts',
  '**/*.spark.test.ts',
  '**/*.kafka.test.ts',
  '**/*.aws.test.ts',
];

/** Proofs that count to hundreds or thousands: too long for every commit, so `npm run verify` leaves them to `npm test`. */
const proofs = [
  'control/src/merge/merge-kill.test.ts',
  'control/src/merge/merge-memory.test.ts',
  'control/src/merge/object-crash.test.ts',
  'control/test/glue-kill.test.ts',
  'control/test/pipeline-restart.test.ts',
];

const inParallel = {
  // Long, because some start a dozen processes on a machine that may be busy; none waits for its sake.
  testTimeout: 60_000,
  hookTimeout: 30_000,
  // Vitest leaves one core free; with two, that is one worker, and many of these tests wait for processes.
  maxWorkers: 3,
  sequence: { groupOrder: 0 },
};

// Fast tests run in parallel; tests that start Kafka or Spark run one file at a time, because two cores carry
// one driver well and three badly.
export default defineConfig({
  test: {
    reporters: ['default', './infra/src/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{control,producers,infra}/**/*.test.{ts,mjs}', 'bench/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...real, ...proofs],
          ...inParallel,
        },
      },
      { test: { name: 'proof', include: proofs, ...inParallel } },
      {
        test: {
          name: 'real',
          include: real.map((glob) => `{control,producers,infra}/${glob}`),
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
