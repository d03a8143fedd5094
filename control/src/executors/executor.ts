import type { RunHandle } from '../store/run-handle.ts';

/** Everything an executor needs to start one driver. Plain data, made by plan. */
export interface DriverRequest {
  /** Travels in the driver's arguments, so that a driver can be found again by it. */
  readonly runId: string;
  readonly pipeline: string;
  /** The generated job, an absolute path. */
  readonly jobFile: string;
  /** Folder of this run for log, exit status and pid; absolute, exists before submit. */
  readonly runFolder: string;
  /** The folder through which job and control plane talk; a Hadoop path. */
  readonly controlFolder: string;
  /** Number of the (checkpoint, output) generation. */
  readonly generation: number;
  /** Working folder of the driver: relative paths of the spec start here. */
  readonly workFolder: string;
  /** Environment references of the spec (`${NAME}`), by name. Only these and a fixed few reach the driver. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What can be seen of a driver now. `gone` (it is not there) and `unreachable` (cannot tell) differ. */
export type Observation =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly exitCode: number }
  | { readonly kind: 'gone'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

/** One place where drivers run. Handles are data; a new process can use an old process's handles. */
export interface Executor {
  readonly target: RunHandle['target'];
  /** Starts at most one driver for the request's runId and returns its handle. */
  submit(request: DriverRequest): Promise<RunHandle>;
  /** Answers the crash between submit and saving the handle. */
  find(runId: string, runFolder: string): Promise<RunHandle | undefined>;
  observe(handle: RunHandle): Promise<Observation>;
  /** Safe to repeat. `force` is SIGKILL. The graceful stop, by marker, is not its business. */
  kill(handle: RunHandle, how: 'terminate' | 'force'): Promise<void>;
  /** Lines of the driver's log from a line number (0 is the first). */
  readLog(handle: RunHandle, fromLine: number, lines: number): Promise<LogPage>;
}

export interface LogPage {
  readonly from: number;
  readonly total: number;
  readonly lines: readonly string[];
}
