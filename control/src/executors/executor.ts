import type { Reason } from '../errors/reason.ts';
import type { TargetSettings } from '../spec/target-settings.ts';
import type { RunHandle } from '../store/run-handle.ts';
import type { Target } from '../target.ts';

/** Everything an executor needs to start one driver. Plain data, made by plan. */
export interface DriverRequest {
  /** Travels in the driver's arguments, so that a driver can be found again by it. */
  readonly runId: string;
  readonly pipeline: string;
  readonly target: Target;
  /** What the spec asks for on a cluster or on AWS Glue. */
  readonly targets: TargetSettings;
  /** Whether the job reads or writes `s3://` paths. */
  readonly objectStorage: boolean;
  /** The generated job, an absolute path. */
  readonly jobFile: string;
  /** Folder of this run for log, exit status and pid; absolute, exists before submit. */
  readonly runFolder: string;
  /** The folder through which job and control plane talk; a Hadoop path. */
  readonly controlFolder: string;
  /** Number of the (checkpoint, output) generation. */
  readonly generation: number;
  /** Relative paths of the spec start here: a folder of this machine, or `s3://bucket/prefix`. */
  readonly workFolder: string;
  /** Environment references of the spec (`${NAME}`), by name. Only these and a fixed few reach the driver. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What can be seen of a driver now. `gone` (it is not there) and `unreachable` (cannot tell) differ. */
export type Observation =
  | {
      readonly kind: 'running';
      /** Why it lives and yet cannot work: a cluster without cores, a queue. */
      readonly waiting?: Reason;
      /** What is wrong around it, although it works. */
      readonly note?: Reason;
      /** The driver goes on under another name, which is to be kept instead. */
      readonly handle?: RunHandle;
    }
  | { readonly kind: 'succeeded' }
  | {
      readonly kind: 'failed';
      /** Absent where there is none, as on AWS Glue. */
      readonly exitCode?: number;
      readonly why?: Reason;
    }
  /** Somebody ended it, perhaps we. */
  | { readonly kind: 'stopped'; readonly why: string }
  | {
      readonly kind: 'gone';
      readonly why: string;
      /** It went with its machine or container, which was started anew since. */
      readonly withMachine?: boolean;
    }
  | { readonly kind: 'unreachable'; readonly why: string; readonly cause?: Reason };

/** One place where drivers run. Handles are data; a new process can use an old process's handles. */
export interface Executor<Handle extends RunHandle = RunHandle> {
  readonly target: Target;
  /** Starts at most one driver for the request's runId and returns its handle. */
  submit(request: DriverRequest): Promise<Handle>;
  /** Answers the crash between submit and saving the handle. */
  find(runId: string, runFolder: string): Promise<Handle | undefined>;
  observe(handle: Handle): Promise<Observation>;
  /** Safe to repeat. `force` is SIGKILL. The graceful stop, by marker, is not its business. */
  kill(handle: Handle, how: 'terminate' | 'force'): Promise<void>;
  /** Lines of the driver's log from a line number (0 is the first). */
  readLog(handle: Handle, fromLine: number, lines: number): Promise<LogPage>;
}

/** One executor for each target. */
export type Executors = Readonly<Record<Target, Executor>>;

export interface LogPage {
  readonly from: number;
  readonly total: number;
  readonly lines: readonly string[];
}
