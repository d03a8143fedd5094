import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type KafkaBroker, startKafkaBroker } from '../../../infra/src/kafka-broker.ts';
import { runtimeFile } from '../fixtures/spark-runtime.ts';

const root = resolve(import.meta.dirname, '../../..');
const restStates = ['DRAFT', 'STOPPED', 'FAILED'];

export interface JourneyStatus {
  readonly observed: { readonly state: string; readonly cause?: { readonly code: string } };
  readonly run?: {
    readonly id: string;
    readonly pid?: number;
    readonly lastBatch?: number;
    readonly stop?: { readonly way: string };
  };
  readonly progress?: { readonly totals: { readonly rows: number } };
  readonly merge?: Readonly<Record<'rows' | 'deadLetters', { readonly rows: number } | undefined>>;
}

/** A broker, a control service and a folder of their own, all real, for one journey. */
export class JourneyStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-journey-'));
  #broker: KafkaBroker | undefined;
  #service: ChildProcess | undefined;
  #url = '';
  #pipeline = '';

  static async open(pipeline = 'device-events'): Promise<JourneyStage> {
    const stage = new JourneyStage();
    stage.#pipeline = pipeline;
    const { kafka, java } = JSON.parse(readFileSync(runtimeFile, 'utf8'));
    const folder = join(stage.folder, 'kafka');
    stage.#broker = await startKafkaBroker({ folder, jars: kafka.jars, java: java.command });
    await stage.startService();
    return stage;
  }

  get servers(): string {
    return this.#broker?.servers ?? '';
  }

  /** Starts the control service, again on the same state after killService. */
  async startService(): Promise<void> {
    const log = openSync(join(this.folder, 'control.log'), 'a');
    const service = spawn(process.execPath, [join(root, 'control/src/cli.ts'), 'serve'], {
      env: {
        ...process.env,
        SLUICE_PORT: '0',
        SLUICE_STATE: join(this.folder, 'state'),
        SLUICE_WORK_FOLDER: this.folder,
        KAFKA_SERVERS: this.servers,
      },
      stdio: ['ignore', 'pipe', log],
    });
    this.#service = service;
    for await (const line of createInterface({ input: service.stdout as NodeJS.ReadableStream })) {
      this.#url = JSON.parse(line).listening;
      return;
    }
    throw new Error(readFileSync(join(this.folder, 'control.log'), 'utf8'));
  }

  async killService(): Promise<void> {
    const service = this.#service as ChildProcess;
    service.kill('SIGKILL');
    await once(service, 'exit');
  }

  /** Produces events and resolves when all are acknowledged; returns them as they were sent. */
  async produce(count: number, seed: string): Promise<readonly string[]> {
    const record = join(this.folder, `sent-${seed}.jsonl`);
    await promisify(execFile)(process.execPath, [
      join(root, 'producers/src/produce.ts'),
      'device-events',
      ...['--to', 'kafka', '--servers', this.servers, '--topic', 'device-data-3'],
      ...['--count', String(count), '--rate', 'max', '--seed', seed, '--record', record],
    ]);
    return (await readFile(record, 'utf8')).trimEnd().split('\n');
  }

  /** The committed spec, with files in this folder and a batch each second. */
  async readSpec(): Promise<string> {
    const text = await readFile(join(root, `spark-jobs/specs/${this.#pipeline}.yaml`), 'utf8');
    return text
      .replaceAll(/(?:data|output)\/(?=[a-z])/g, '')
      .replace(/^trigger:.*$/m, 'trigger: 1 second');
  }

  async ask(method: string, path: string, body?: string): Promise<unknown> {
    const headers = body === undefined ? {} : { 'content-type': 'application/yaml' };
    const reply = await fetch(`${this.#url}${path}`, { method, headers, body: body ?? null });
    const answer = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${answer}`);
    return JSON.parse(answer);
  }

  async status(): Promise<JourneyStatus> {
    return (await this.ask('GET', `/api/v1/pipelines/${this.#pipeline}/status`)) as JourneyStatus;
  }

  /** Polls the status until it is as wanted. Fails with the status when the run failed or time is up. */
  async waitFor(
    what: string,
    isReached: (status: JourneyStatus) => boolean,
  ): Promise<JourneyStatus> {
    const deadline = performance.now() + 90_000;
    for (;;) {
      const status = await this.status();
      if (isReached(status)) return status;
      if (performance.now() > deadline) {
        throw new Error(`no ${what} within 90 s: ${JSON.stringify(status)}`);
      }
      await sleep(100);
    }
  }

  async start(): Promise<void> {
    await this.ask('POST', `/api/v1/pipelines/${this.#pipeline}/start`);
  }

  async stop(): Promise<JourneyStatus> {
    await this.ask('POST', `/api/v1/pipelines/${this.#pipeline}/stop`);
    return this.waitFor('rest', ({ observed }) => restStates.includes(observed.state));
  }

  async close(): Promise<void> {
    if (this.#service?.exitCode === null && this.#service.signalCode === null) {
      await this.stop().catch(() => undefined);
      this.#service.kill('SIGTERM');
      await once(this.#service, 'exit');
    }
    await this.#broker?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
