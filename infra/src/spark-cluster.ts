import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimPorts } from './free-ports.ts';
import { type DaemonSpec, SparkDaemon, type SparkRuntime } from './spark-daemon.ts';

const START_DEADLINE_MS = 60_000;
const ASK_AGAIN_MS = 50;
const ANSWER_MS = 2_000;

/** A Spark standalone cluster of plain processes on this machine, reachable from this machine only. */
export interface SparkCluster {
  /** What drivers connect to: `spark://127.0.0.1:port`. */
  readonly master: string;
  /** Page of the master; below it `/json/` says what the cluster has. */
  readonly masterUi: string;
  /** Each is the leader of a process group of its own, which has the same number. */
  readonly masterPid: number;
  readonly workerPids: readonly number[];
  /** Kills a worker (0 is the first) and its executors at once, as when its machine goes. */
  killWorker(index: number): Promise<void>;
  /** Starts one more worker; resolves when the master has it. */
  startWorker(): Promise<void>;
  /** Kills the master. Workers and running applications go on without it. */
  stopMaster(): Promise<void>;
  /** Starts the master again on its port; resolves when the workers that live have come back to it. */
  restartMaster(): Promise<void>;
  /** Ends everything. May be called twice. */
  stop(): Promise<void>;
}

export interface SparkClusterOptions {
  /** For logs, applications' folders, scratch files and what the master must remember. Made when missing. */
  readonly folder: string;
  /** The manifest that set-up writes. */
  readonly runtimeFile: string;
  /** 2 when absent. */
  readonly workers?: number;
  /** 1 when absent. */
  readonly coresPerWorker?: number;
  /** As Spark writes sizes; `1g` when absent. */
  readonly memoryPerWorker?: string;
  /** The cluster goes on when this process dies. Without it, it ends then, even by SIGKILL. */
  readonly outlivesParent?: boolean;
  /** Told of each process as soon as it is started, before anything else is. */
  readonly onStart?: (name: ClusterProcess, pid: number) => Promise<void>;
}

export type ClusterProcess = 'master' | `worker-${number}`;

/**
 * Starts a master and workers and resolves when the master has them all. Throws SparkClusterError when one
 * of them ends early or nothing answers within 60 s.
 */
export async function startSparkCluster(options: SparkClusterOptions): Promise<SparkCluster> {
  const folder = resolve(options.folder);
  await mkdir(join(folder, 'recovery'), { recursive: true });
  const runtime: SparkRuntime = JSON.parse(readFileSync(options.runtimeFile, 'utf8'));
  const cluster = new PlainCluster({ ...options, folder }, runtime, await claimPorts(0));
  try {
    await cluster.start(options.workers ?? 2);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

interface Worker {
  readonly daemon: SparkDaemon;
  readonly port: number;
}

class PlainCluster implements SparkCluster {
  readonly #options: SparkClusterOptions;
  readonly #runtime: SparkRuntime;
  readonly #port: number;
  readonly #uiPort: number;
  #master: SparkDaemon | undefined;
  readonly #workers: Worker[] = [];
  #workersSoFar = 0;

  constructor(
    options: SparkClusterOptions,
    runtime: SparkRuntime,
    [port, uiPort]: readonly [number, number],
  ) {
    this.#options = options;
    this.#runtime = runtime;
    this.#port = port;
    this.#uiPort = uiPort;
  }

  get master(): string {
    return `spark://127.0.0.1:${this.#port}`;
  }

  get masterUi(): string {
    return `http://127.0.0.1:${this.#uiPort}`;
  }

  get masterPid(): number {
    return this.#startedMaster.pid;
  }

  get workerPids(): readonly number[] {
    return this.#workers.map(({ daemon }) => daemon.pid);
  }

  /** The master first: a worker that does not find it tries again only seconds later. */
  async start(workers: number): Promise<void> {
    await this.restartMaster();
    for (let count = 0; count < workers; count += 1) await this.#launchWorker();
    await this.#waitForWorkers();
  }

  async killWorker(index: number): Promise<void> {
    const [worker] = this.#workers.splice(index, 1);
    await worker?.daemon.kill();
  }

  async startWorker(): Promise<void> {
    await this.#launchWorker();
    await this.#waitForWorkers();
  }

  async stopMaster(): Promise<void> {
    await this.#startedMaster.kill();
  }

  async restartMaster(): Promise<void> {
    await this.#launchMaster();
    await this.#waitForWorkers();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map(({ daemon }) => daemon.stop()));
    await this.#master?.stop();
  }

  get #startedMaster(): SparkDaemon {
    if (this.#master === undefined) throw new TypeError('The cluster was not started.');
    return this.#master;
  }

  async #launchMaster(): Promise<void> {
    const address = ['--host', '127.0.0.1', '--port', String(this.#port)];
    const launch = {
      name: 'master',
      main: 'org.apache.spark.deploy.master.Master',
      words: [...address, '--webui-port', String(this.#uiPort)],
      properties: {
        // A master that comes back finds workers and applications again.
        'spark.deploy.recoveryMode': 'FILESYSTEM',
        'spark.deploy.recoveryDirectory': join(this.#options.folder, 'recovery'),
        'spark.master.rest.enabled': 'false',
      },
    } as const;
    this.#master = this.#launch(launch);
    await this.#options.onStart?.(launch.name, this.#master.pid);
  }

  async #launchWorker(): Promise<void> {
    const { coresPerWorker = 1, memoryPerWorker = '1g', folder } = this.#options;
    const [port, uiPort] = await claimPorts(0);
    const address = ['--host', '127.0.0.1', '--port', String(port), '--webui-port', String(uiPort)];
    const size = ['-c', String(coresPerWorker), '-m', memoryPerWorker];
    this.#workersSoFar += 1;
    const name = `worker-${this.#workersSoFar}` as const;
    const daemon = this.#launch({
      name,
      main: 'org.apache.spark.deploy.worker.Worker',
      words: [...address, ...size, '--work-dir', join(folder, 'work'), this.master],
      properties: {},
    });
    this.#workers.push({ daemon, port });
    await this.#options.onStart?.(name, daemon.pid);
  }

  #launch(spec: Pick<DaemonSpec, 'name' | 'main' | 'words' | 'properties'>): SparkDaemon {
    const { folder, outlivesParent = false } = this.#options;
    // A taken port is an error: the next one would not be found by anybody.
    const properties = { ...spec.properties, 'spark.port.maxRetries': 0 };
    return new SparkDaemon({ ...spec, properties, folder, outlivesParent, runtime: this.#runtime });
  }

  /** Resolves when the master is in charge and has every worker that was not killed. */
  async #waitForWorkers(): Promise<void> {
    const daemons = [this.#startedMaster, ...this.#workers.map(({ daemon }) => daemon)];
    const deadline = performance.now() + START_DEADLINE_MS;
    while (!(await this.#hasAllWorkers())) {
      for (const daemon of daemons) daemon.check();
      if (performance.now() > deadline) {
        throw this.#startedMaster.failToAnswer(START_DEADLINE_MS / 1000);
      }
      await sleep(ASK_AGAIN_MS);
    }
  }

  async #hasAllWorkers(): Promise<boolean> {
    const ports = await livingWorkers(this.masterUi);
    return ports !== undefined && this.#workers.every(({ port }) => ports.includes(port));
  }
}

interface MasterState {
  readonly status: string;
  readonly workers: readonly { readonly port: number; readonly state: string }[];
}

/** Ports of the workers a master has; undefined while it does not answer or is not in charge yet. */
async function livingWorkers(masterUi: string): Promise<readonly number[] | undefined> {
  try {
    const reply = await fetch(`${masterUi}/json/`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { status, workers } = (await reply.json()) as MasterState;
    if (status !== 'ALIVE') return undefined;
    return workers.filter(({ state }) => state === 'ALIVE').map(({ port }) => port);
  } catch {
    return undefined;
  }
}
