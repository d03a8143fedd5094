import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** How a whole run of tests ended, over all projects and files. */
export interface RunCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Prints `N passed, N failed` (and `, N skipped` when there are any) as the last line of a run. Whatever made the run
 * fail counts as failed, also what vitest does not count as a test: a file that does not load, a hook that throws, an
 * error nobody caught.
 */
export default class ClosingLineReporter implements Reporter {
  #counts: RunCounts = { passed: 0, failed: 0, skipped: 0 };

  /** Vitest prints summaries and complaints until it ends, so the last line can only be written at the exit. */
  onInit(): void {
    process.once('exit', (exitCode) => {
      process.stdout.write(`${closingLine(this.#counts, exitCode)}\n`);
    });
  }

  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<SerializedError>,
  ): void {
    this.#counts = countRun(modules, unhandledErrors.length);
  }
}

/** The line itself; a run that exits with a failure never says that nothing failed. */
export function closingLine(counts: RunCounts, exitCode: number): string {
  const failed = exitCode === 0 ? counts.failed : Math.max(counts.failed, 1);
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  return `${counts.passed} passed, ${failed} failed${skipped}`;
}

function countRun(modules: ReadonlyArray<TestModule>, unhandledErrors: number): RunCounts {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const states = tests.map((test) => test.result().state);
  const passed = states.filter((state) => state === 'passed').length;
  const failed = states.filter((state) => state === 'failed').length;
  return {
    passed,
    failed: failed + countBrokenSuites(modules) + unhandledErrors,
    skipped: states.length - passed - failed,
  };
}

function countBrokenSuites(modules: ReadonlyArray<TestModule>): number {
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return suites.filter((suite) => suite.errors().length > 0).length;
}
