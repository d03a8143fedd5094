import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeProblem, ProducerError } from '../producer-errors.ts';
import { publishFile } from '../publish-file.ts';
import type { PageRow } from './read-rows.ts';

const VERSION = 1;
const MOST_ADDRESSES = 2000;

/** What a server gave us to ask again with, and where the page led, because an unchanged page does not come again. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly next?: string | undefined;
}

export interface MemorySettings {
  /** The whole memory in one file; its folder is made when missing. */
  readonly file: string;
  /** How many keys are remembered; those that were not seen for longest are forgotten first. */
  readonly limit: number;
  /** What rows come out of a page; validators of another one are forgotten. */
  readonly fingerprint: string;
}

interface Head {
  readonly version: number;
  readonly fingerprint: string;
  readonly keys: number;
  readonly lastTurn: number;
  readonly validators: readonly (readonly [string, Validators])[];
}

/**
 * Which rows have been sent: the hash of each one's key with the hash of its content, in the order of last sight.
 * Written as a whole under another name and renamed, so that it is always that of one moment.
 */
export class PageMemory {
  readonly #settings: MemorySettings;
  readonly #rows: Map<string, string>;
  readonly #validators: Map<string, Validators>;
  /** When the last turn began, in milliseconds since 1970; 0 when there was none. */
  lastTurn: number;

  private constructor(settings: MemorySettings, head: Head | undefined, rows: Map<string, string>) {
    const same = head?.fingerprint === settings.fingerprint;
    this.#settings = settings;
    this.#rows = rows;
    this.#validators = new Map(same ? head.validators : []);
    this.lastTurn = head?.lastTurn ?? 0;
  }

  /** Reads the memory, or begins an empty one. Throws MEMORY_FAILED when there is one that cannot be read. */
  static async open(settings: MemorySettings): Promise<PageMemory> {
    const file = resolve(settings.file);
    try {
      await mkdir(dirname(file), { recursive: true });
      const text = await readIfThere(file);
      return text === undefined
        ? new PageMemory({ ...settings, file }, undefined, new Map())
        : PageMemory.#read({ ...settings, file }, text);
    } catch (caught) {
      throw new ProducerError('MEMORY_FAILED', { file, problem: describeProblem(caught) });
    }
  }

  static #read(settings: MemorySettings, text: string): PageMemory {
    const [first = '', ...lines] = text.split('\n');
    const head: Head = JSON.parse(first);
    const rows = new Map(
      lines.slice(0, -1).map((line) => line.split(' ', 2) as [key: string, content: string]),
    );
    if (head.version !== VERSION || rows.size !== head.keys) {
      throw new Error(`version ${head.version}, ${rows.size} of ${head.keys} keys`);
    }
    return new PageMemory(settings, head, rows);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Those rows that have not been sent, or not as they are now. */
  findNew(rows: readonly PageRow[]): readonly PageRow[] {
    return rows.filter((row) => this.#rows.get(hash(row.key)) !== hashContent(row));
  }

  /** To be called when rows are acknowledged, and with those seen again. */
  remember(rows: readonly PageRow[]): void {
    for (const row of rows) {
      const key = hash(row.key);
      this.#rows.delete(key);
      this.#rows.set(key, hashContent(row));
    }
    const surplus = Math.max(this.#rows.size - this.#settings.limit, 0);
    for (const key of [...this.#rows.keys()].slice(0, surplus)) {
      this.#rows.delete(key);
    }
  }

  validatorsOf(url: URL): Validators | undefined {
    return this.#validators.get(url.href);
  }

  /** Undefined makes the page come whole the next time. */
  setValidators(url: URL, validators: Validators | undefined): void {
    this.#validators.delete(url.href);
    if (validators !== undefined) {
      this.#validators.set(url.href, validators);
    }
    const surplus = Math.max(this.#validators.size - MOST_ADDRESSES, 0);
    for (const address of [...this.#validators.keys()].slice(0, surplus)) {
      this.#validators.delete(address);
    }
  }

  /** On the disk when this resolves. Throws MEMORY_FAILED. */
  async save(): Promise<void> {
    const { file, fingerprint } = this.#settings;
    const head: Head = {
      version: VERSION,
      fingerprint,
      keys: this.#rows.size,
      lastTurn: this.lastTurn,
      validators: [...this.#validators],
    };
    const lines = [...this.#rows].map(([key, content]) => `${key} ${content}\n`);
    const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      const handle = await open(temporary, 'wx');
      await handle.writeFile(`${JSON.stringify(head)}\n${lines.join('')}`);
      await publishFile(handle, temporary, file);
    } catch (caught) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw new ProducerError('MEMORY_FAILED', { file, problem: describeProblem(caught) });
    }
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'ENOENT') {
      return undefined;
    }
    throw caught;
  }
}

/** Half of SHA-256, which no two texts of this world share by chance. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function hashContent(row: PageRow): string {
  return hash(row.values.join('\u0000'));
}
