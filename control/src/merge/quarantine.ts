import { createHash } from 'node:crypto';
import type { ErrorCode } from '../errors/catalogue.ts';
import { isPassing } from '../errors/is-passing.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { joinPlace } from '../storage/place.ts';
import { replaceSmall } from './committed-length.ts';
import type { CommittedPart } from './committed-parts.ts';
import { type FilePort, isSystemError } from './file-port.ts';

/** A committed part that cannot be trusted now, and why. */
export interface QuarantinedPart {
  readonly part: CommittedPart;
  readonly error: SluiceError;
}

/** What is wrong with one part alone; each other part can still be merged. */
const partFaults: ReadonlySet<ErrorCode> = new Set([
  'MERGE_PART_MISSING',
  'MERGE_PART_SIZE',
  'MERGE_PART_UNREADABLE',
  'MERGE_PART_TORN',
  'MERGE_PART_CONFLICT',
  'MERGE_RECORD_TOO_LONG',
  'MERGE_HEADER_DIFFERS',
]);

/** Those that end when the file is brought back as it was committed. */
const curedBySize: ReadonlySet<ErrorCode> = new Set([
  'MERGE_PART_MISSING',
  'MERGE_PART_SIZE',
  'MERGE_PART_UNREADABLE',
]);

const nameLimit = 200;

export function isPartFault(error: unknown): error is SluiceError {
  return error instanceof SluiceError && partFaults.has(error.code);
}

/** Where the reasons of a merged file stand, one JSON file for each part that is not in it. */
export function quarantineOf(file: string): string {
  return `${file}.quarantine`;
}

/**
 * The parts that are kept out of a merged file. Their bytes stay where Spark wrote them, because readers of the output
 * and a repair need them there; the folder holds the reasons. It is news for people: what is merged is known from the
 * journal alone, so the folder need not survive a power cut.
 */
export class Quarantine {
  readonly #port: FilePort;
  readonly #folder: string;
  readonly #parts = new Map<string, QuarantinedPart>();
  /** Reason files on disk, by name; undefined before the folder was listed. */
  #written: Set<string> | undefined;
  #changed = true;

  constructor(port: FilePort, file: string) {
    this.#port = port;
    this.#folder = quarantineOf(file);
  }

  get parts(): readonly QuarantinedPart[] {
    return [...this.#parts.values()];
  }

  put(part: CommittedPart, error: SluiceError): void {
    this.#parts.set(part.relativePath, { part, error });
    this.#changed = true;
  }

  has({ relativePath }: CommittedPart): boolean {
    return this.#parts.has(relativePath);
  }

  release({ relativePath }: CommittedPart): void {
    this.#changed = this.#parts.delete(relativePath) || this.#changed;
  }

  /** Lets go the parts that have come back with the size they were committed with, and returns them. */
  async releaseCured(): Promise<readonly CommittedPart[]> {
    const cured: CommittedPart[] = [];
    for (const { part, error } of this.parts) {
      if (!curedBySize.has(error.code)) continue;
      const size = await this.#port.size(part.absolutePath).catch(() => undefined);
      if (size === part.size) cured.push(part);
    }
    for (const part of cured) this.release(part);
    return cured;
  }

  /** Brings the folder up to date. A disk that cannot hold the reasons does not stop the merge. */
  async write(): Promise<void> {
    if (!this.#changed) return;
    try {
      await this.#writeReasons();
      this.#changed = false;
    } catch (error) {
      if (!(error instanceof Error && ('syscall' in error || isPassing(error)))) throw error;
    }
  }

  async #writeReasons(): Promise<void> {
    this.#written ??= new Set(await this.#list());
    const written = this.#written;
    const wanted = new Map(this.parts.map((held) => [reasonName(held.part), held]));
    for (const name of written) {
      if (wanted.has(name)) continue;
      await this.#port.remove(joinPlace(this.#folder, name));
      written.delete(name);
    }
    if (wanted.size > 0) await this.#port.makeFolder(this.#folder);
    for (const [name, held] of wanted) {
      if (written.has(name)) continue;
      const bytes = Buffer.from(`${JSON.stringify(describeQuarantined(held), null, 2)}\n`);
      await replaceSmall(this.#port, joinPlace(this.#folder, name), bytes);
      written.add(name);
    }
  }

  async #list(): Promise<readonly string[]> {
    try {
      return await this.#port.list(this.#folder);
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }
}

/** What is told of a quarantined part: in its reason file, in answers and by the command line. */
export interface QuarantineReason {
  readonly part: string;
  readonly file: string;
  readonly committedBytes: number;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly next: string;
}

export function describeQuarantined({ part, error }: QuarantinedPart): QuarantineReason {
  return {
    part: part.relativePath,
    file: part.absolutePath,
    committedBytes: part.size,
    code: error.code,
    reason: error.message,
    next: error.next,
  };
}

function reasonName({ relativePath }: CommittedPart): string {
  const name = encodeURIComponent(relativePath);
  if (name.length <= nameLimit) return `${name}.json`;
  const hash = createHash('sha256').update(relativePath).digest('hex').slice(0, 16);
  return `${name.slice(-nameLimit)}.${hash}.json`;
}
