import { existsSync, readFileSync } from 'node:fs';
import { replaceFile } from '../../setup/durable-file.mjs';
import { identifyProcess, isAlive } from '../../setup/process-identity.mjs';

/** In the order in which they are ended. */
export const endOrder = [
  'producer',
  'control',
  'worker-1',
  'worker-2',
  'master',
  'kafka',
  'emulator',
] as const;
export type ProcessName = (typeof endOrder)[number];

type Identity = NonNullable<ReturnType<typeof identifyProcess>>;

/** What a demo has started, as data: read by the guardian, and by the next demo after a crash. */
export interface Ledger {
  readonly demo: Identity;
  /** Stops everything when the demo dies. */
  readonly guardian?: Identity;
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: Readonly<Partial<Record<ProcessName, Identity>>>;
}

/** The ledger of a folder, or undefined when there is none. A torn one cannot be: it is replaced as a whole. */
export function readLedger(path: string): Ledger | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Keeps on disk, durably, what has been started by this process. */
export class ProcessLedger {
  readonly #path: string;
  #ledger: Ledger;

  private constructor(path: string, ledger: Ledger) {
    this.#path = path;
    this.#ledger = ledger;
  }

  static async open(path: string): Promise<ProcessLedger> {
    const demo = identifyProcess(process.pid) as Identity;
    const ledger = new ProcessLedger(path, { demo, environment: {}, processes: {} });
    await ledger.#save();
    return ledger;
  }

  async setGuardian(pid: number): Promise<void> {
    const guardian = identifyProcess(pid);
    if (guardian) this.#ledger = { ...this.#ledger, guardian };
    await this.#save();
  }

  /** The settings with which a control service can be started again on the same state. */
  async setEnvironment(environment: Readonly<Record<string, string>>): Promise<void> {
    this.#ledger = { ...this.#ledger, environment };
    await this.#save();
  }

  async add(name: ProcessName, pid: number): Promise<void> {
    const identity = identifyProcess(pid);
    if (identity) {
      const processes = { ...this.#ledger.processes, [name]: identity };
      this.#ledger = { ...this.#ledger, processes };
      await this.#save();
    }
  }

  async #save(): Promise<void> {
    await replaceFile(this.#path, JSON.stringify(this.#ledger, null, 2));
  }
}

/** True while the demo that wrote this ledger lives. */
export function isDemoAlive(ledger: Ledger): boolean {
  return isAlive(ledger.demo);
}
