import { defineConfig } from 'vitest/config';

const real = ['**/*.journey.test.ts', '**/*.spark.test.ts', '**/*.kafka.test.ts'];

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
          exclude: ['**/node_modules/**', ...real],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'real',
          include: real.map((glob) => `{control,producers,infra}/${glob}`),
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
