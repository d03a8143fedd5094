import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describeEnd, hasEnded, waitForEnd } from './child-process-end.ts';

const STOP_DEADLINE_MS = 10_000;
const SHOWN_LOG_LINES = 15;
const withParent = join(import.meta.dirname, 'run-with-parent.sh');

/** What a daemon needs of set-up's manifest. Paths are absolute. */
export interface SparkRuntime {
  readonly java: { readonly command: string; readonly version: string; readonly home?: string };
  readonly python: string;
  readonly spark: { readonly home: string; readonly jars: readonly string[] };
  readonly classData: { readonly archive: string; readonly javaVersion: string } | null;
}

/** Thrown when a master or a worker does not start; the message ends with the last lines of its log. */
export class SparkClusterError extends Error {
  override readonly name = 'SparkClusterError';
}

export interface DaemonSpec {
  readonly name: string;
  readonly folder: string;
  readonly runtime: SparkRuntime;
  readonly main: string;
  readonly words: readonly string[];
  /** Java system properties. */
  readonly properties: Readonly<Record<string, string | number>>;
  /** Goes on when this process dies; otherwise it is ended then. */
  readonly outlivesParent: boolean;
}

/** A master or a worker with everything it has started: one process group. */
export class SparkDaemon {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #log: string;

  constructor(spec: DaemonSpec) {
    this.#name = spec.name;
    this.#log = join(spec.folder, `${spec.name}.log`);
    this.#child = startDaemon(spec, this.#log);
  }

  /** Leader of the process group, which has the same number. */
  get pid(): number {
    if (this.#child.pid === undefined) throw this.#failure('cannot be started');
    return this.#child.pid;
  }

  /** Throws SparkClusterError when the process has ended. */
  check(): void {
    if (hasEnded(this.#child)) {
      throw this.#failure(`ended early (${describeEnd(this.#child, 'a file of the project')})`);
    }
  }

  failToAnswer(seconds: number): SparkClusterError {
    return this.#failure(`did not answer within ${seconds} s`);
  }

  /** SIGKILL for all of it at once, as when the machine goes. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await waitForEnd(this.#child);
  }

  /** Ends it in order, and by force when that takes longer than 10 s. May be called twice. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const force = setTimeout(() => this.#signal('SIGKILL'), STOP_DEADLINE_MS);
    await waitForEnd(this.#child);
    clearTimeout(force);
  }

  #signal(signal: NodeJS.Signals): void {
    if (hasEnded(this.#child)) return;
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  #failure(problem: string): SparkClusterError {
    const lines = readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
    return new SparkClusterError(
      `The Spark ${this.#name} ${problem}. The end of ${this.#log}:\n${lines.join('\n')}`,
    );
  }
}

function startDaemon(spec: DaemonSpec, log: string): ChildProcess {
  const sparkClass = join(spec.runtime.spark.home, 'bin', 'spark-class');
  const command = [sparkClass, spec.main, ...spec.words];
  const [file = '', ...words] = spec.outlivesParent ? command : [withParent, ...command];
  const output = openSync(log, 'a');
  try {
    const child = spawn(file, words, {
      cwd: spec.folder,
      env: daemonEnvironment(spec),
      detached: true,
      stdio: [spec.outlivesParent ? 'ignore' : 'pipe', output, output],
    }).on('error', () => undefined);
    // The pipe alone must not keep this process alive.
    (child.stdin as { unref?(): void } | null)?.unref?.();
    return child;
  } finally {
    closeSync(output);
  }
}

/** Variables that spark-class, master and worker read (https://spark.apache.org/docs/latest/spark-standalone.html). */
export function daemonEnvironment({
  runtime,
  folder,
  properties,
}: Pick<DaemonSpec, 'runtime' | 'folder' | 'properties'>): NodeJS.ProcessEnv {
  const { java, python, spark } = runtime;
  return {
    PATH: [dirname(python), process.env.PATH].join(delimiter),
    HOME: process.env.HOME,
    LANG: process.env.LANG ?? 'C.UTF-8',
    TZ: 'UTC',
    JAVA_HOME: java.home ?? dirname(dirname(java.command)),
    SPARK_HOME: spark.home,
    SPARK_LOCAL_IP: '127.0.0.1',
    // What executors spill; Spark's default is the machine's temporary folder.
    SPARK_LOCAL_DIRS: join(folder, 'scratch'),
    SPARK_DAEMON_MEMORY: '256m',
    SPARK_DAEMON_CLASSPATH: spark.jars.join(delimiter),
    SPARK_DAEMON_JAVA_OPTS: [
      ...javaOptions(runtime),
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    ].join(' '),
    SPARK_LAUNCHER_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  };
}

/** A daemon does little, so it gets the quick compiler alone, and the drivers' class-data archive where that fits. */
function javaOptions({ java, classData }: SparkRuntime): readonly string[] {
  const options = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  if (classData === null || classData.javaVersion !== java.version) return options;
  return [...options, `-XX:SharedArchiveFile="${classData.archive}"`, '-Xshare:auto'];
}
