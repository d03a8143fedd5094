import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type EventBatch, splitEvents } from './event-batches.ts';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { InFlight } from './in-flight.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';
import { publishFile } from './publish-file.ts';

const DEFAULTS = { eventsPerFile: 10_000, bytesPerFile: 16 * 1024 * 1024, maxAgeMs: 5000 } as const;

export interface FolderSenderOptions {
  /** Made when missing. */
  readonly folder: string;
  /** First part of each file's name, `events` when absent. */
  readonly prefix?: string | undefined;
  /** A file is ended before it would hold more events than this, 10,000 when absent. */
  readonly eventsPerFile?: number | undefined;
  /** A file is ended before it would grow beyond this, 16 MiB when absent. */
  readonly bytesPerFile?: number | undefined;
  /** A file is ended this long after its first event, in milliseconds; 5 s when absent. */
  readonly maxAgeMs?: number | undefined;
}

/** Opens a sender that writes the events' values, one a line, to `<prefix>-<run>-<number>.jsonl`. */
export async function openFolderSender(options: FolderSenderOptions): Promise<EventSender> {
  const folder = resolve(options.folder);
  try {
    await mkdir(folder, { recursive: true });
  } catch (caught) {
    throw new ProducerError('FOLDER_FAILED', { folder, problem: describeProblem(caught) });
  }
  return new FolderSender({
    folder,
    prefix: options.prefix ?? 'events',
    eventsPerFile: options.eventsPerFile ?? DEFAULTS.eventsPerFile,
    bytesPerFile: options.bytesPerFile ?? DEFAULTS.bytesPerFile,
    maxAgeMs: options.maxAgeMs ?? DEFAULTS.maxAgeMs,
  });
}

type Settings = { readonly folder: string; readonly prefix: string } & {
  readonly [Name in keyof typeof DEFAULTS]: number;
};

interface OpenFile {
  readonly handle: FileHandle;
  readonly temporary: string;
  readonly name: string;
  readonly age: NodeJS.Timeout;
  readonly published: PromiseWithResolvers<void>;
  events: number;
  bytes: number;
}

/**
 * Writes under a name that starts with a dot, which Spark and `ls` pass over, and renames the file when it is
 * whole and on the disk. An event is acknowledged when its file has its name: the file is the unit of both.
 */
class FolderSender implements EventSender {
  readonly #settings: Settings;
  readonly #run = randomUUID().slice(0, 8);
  readonly #inFlight: InFlight;
  #files = 0;
  #open: OpenFile | undefined;
  #failure: ProducerError | undefined;
  /** Writes and renames follow one another; this is the last of them and never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#inFlight = new InFlight(settings.bytesPerFile);
  }

  ready(): Promise<void> {
    return this.#inFlight.ready();
  }

  async send(events: readonly OutgoingEvent[]): Promise<void> {
    const { eventsPerFile, bytesPerFile } = this.#settings;
    const limits = { maxEvents: eventsPerFile, maxBytes: bytesPerFile };
    await Promise.all(splitEvents(events, limits).map((batch) => this.#sendBatch(batch)));
  }

  async flush(): Promise<void> {
    await this.#inTurn(() => this.#publish());
  }

  async close(): Promise<void> {
    await this.flush().catch(() => undefined);
    this.#failure ??= new ProducerError('CLOSED');
  }

  async #sendBatch(batch: EventBatch): Promise<void> {
    this.#inFlight.add(batch.bytes);
    const written = this.#inTurn(() => this.#write(batch));
    const file = await written.finally(() => this.#inFlight.remove(batch.bytes));
    await file.published.promise;
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => this.#attempt(work));
    this.#last = result.catch(() => undefined);
    return await result;
  }

  async #attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    try {
      return await work();
    } catch (caught) {
      throw await this.#fail(caught);
    }
  }

  async #write(batch: EventBatch): Promise<OpenFile> {
    if (this.#open !== undefined && !this.#hasRoom(this.#open, batch)) {
      await this.#publish();
    }
    this.#open ??= await this.#openNext();
    const file = this.#open;
    await file.handle.appendFile(batch.events.map((event) => `${event.value}\n`).join(''));
    file.events += batch.events.length;
    file.bytes += batch.bytes;
    return file;
  }

  #hasRoom(file: OpenFile, batch: EventBatch): boolean {
    const { eventsPerFile, bytesPerFile } = this.#settings;
    return (
      file.events + batch.events.length <= eventsPerFile && file.bytes + batch.bytes <= bytesPerFile
    );
  }

  /** The run's random name keeps two producers in one folder, or one started again, from each other's files. */
  async #openNext(): Promise<OpenFile> {
    const { folder, prefix, maxAgeMs } = this.#settings;
    this.#files += 1;
    const name = `${prefix}-${this.#run}-${String(this.#files).padStart(6, '0')}.jsonl`;
    const temporary = join(folder, `.${name}.tmp`);
    const handle = await open(temporary, 'wx');
    const published = Promise.withResolvers<void>();
    // Those who sent the events hear of a failure through their own send.
    published.promise.catch(() => undefined);
    const age = setTimeout(() => this.flush().catch(() => undefined), maxAgeMs);
    return { handle, temporary, name: join(folder, name), age, published, events: 0, bytes: 0 };
  }

  async #publish(): Promise<void> {
    const file = this.#open;
    if (file !== undefined) {
      clearTimeout(file.age);
      await publishFile(file.handle, file.temporary, file.name);
      this.#open = undefined;
      file.published.resolve();
    }
  }

  async #fail(caught: unknown): Promise<ProducerError> {
    const { folder } = this.#settings;
    const problem = describeProblem(caught);
    const failure = new ProducerError('FOLDER_FAILED', { folder, problem });
    this.#failure = failure;
    if (this.#open !== undefined) {
      clearTimeout(this.#open.age);
      this.#open.published.reject(failure);
      await this.#open.handle.close().catch(() => undefined);
    }
    return failure;
  }
}
