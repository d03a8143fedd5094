import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AbsentFile } from '../errors/absent-file.ts';
import { isPassing } from '../errors/is-passing.ts';
import { Refusal } from '../errors/refusal.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { GrowingObject } from './growing-object.ts';
import { numberOf, ObjectJournal, passName } from './object-journal.ts';
import type { ObjectHead, ObjectStore } from './object-store.ts';

/** So many passes are read at a start before one holds all lines again. */
const passesPerWhole = 32;
/** In ms, between attempts whose outcome is known to be nothing. */
const pauses = [100, 400, 1600];

/**
 * The writer of one merged object. An object is replaced as a whole, so a pass takes place in one step. The order:
 *
 *   pieces   the bytes of the pass are sent; nobody sees them
 *   intent   the journal lines are written as an object of their own, `<merged object>.journal/<pass>`
 *   result   the object takes the place of the version that was there (If-Match), with the name of the pass on it
 *
 * What the object says decides: a pass took place if, and only if, the object bears its name or that of a pass that
 * follows it. So a crash between any two steps needs no repair; an intent without its result is passed over and its
 * parts are merged again, under another name. A lost answer is read from the object. Two writers cannot both win: each
 * replaces the version it has seen. An object without the name of a pass was written by somebody else and is refused.
 */
export class ObjectMerge {
  readonly #store: ObjectStore;
  readonly #path: string;
  readonly #journal: ObjectJournal;
  #head: ObjectHead | undefined;
  /** Lines of all passes up to the one that the object bears. */
  #lines: Buffer = Buffer.alloc(0);
  #passes = 0;
  #next = '';
  #growing: GrowingObject | undefined;
  #isAnew = false;

  constructor(store: ObjectStore, path: string) {
    this.#store = store;
    this.#path = path;
    this.#journal = new ObjectJournal(store, path);
  }

  get path(): string {
    return this.#path;
  }

  /** What bytes are appended to. */
  get head(): ObjectHead | undefined {
    return this.#isAnew && this.#head ? { ...this.#head, size: 0 } : this.#head;
  }

  /** True until a rebuilt object has taken the place of the old one. */
  get isAnew(): boolean {
    return this.#isAnew;
  }

  /** From now on what is there counts as nothing, and stays until the first pass that has more than the settings. */
  beginAnew(): void {
    this.#isAnew = true;
  }

  get lines(): Buffer {
    return this.#lines;
  }

  /** Reads the object and its passes anew. False when there is no object, or none of ours. */
  async load(): Promise<boolean> {
    if (this.#isAnew && this.#lines.length > 0) return true;
    this.#head = await this.#store.head(this.#path);
    const { mark } = this.#head ?? {};
    this.#lines = Buffer.alloc(0);
    this.#passes = 0;
    this.#begin(mark);
    if (this.#isAnew) return false;
    if (mark === undefined) {
      await this.#refuseReplaced();
      return false;
    }
    const { lines, passes } = await this.#journal.linesUpTo(mark);
    this.#lines = lines;
    this.#passes = passes;
    return true;
  }

  /** Removes what an earlier writer began to send. Only who has the lock may. */
  async clearUploads(): Promise<void> {
    for (const upload of await this.#store.listUploads(this.#path)) {
      await this.#store.abortUpload(this.#path, upload);
    }
  }

  /** The object with what was appended since the last pass. */
  get growing(): GrowingObject {
    const write = { path: this.#path, mark: this.#next };
    this.#growing ??= new GrowingObject(this.#store, write, this.head);
    return this.#growing;
  }

  /** Makes everything appended, and lines that vouch for it, take place in one step. */
  async commit(lines: Buffer): Promise<void> {
    if (this.#isAnew && this.#lines.length === 0) {
      this.#lines = lines;
      return;
    }
    const name = this.#next;
    const all = Buffer.concat([this.#lines, lines]);
    const after = this.#head?.mark;
    const isWhole = after === undefined || this.#isAnew || this.#passes >= passesPerWhole;
    const by = { pid: process.pid, host: hostname() };
    await this.#journal.write(name, {
      ...{ pass: numberOf(name), by, after: isWhole ? null : after },
      lines: (isWhole ? all : lines).toString(),
    });
    this.#head = await this.#finish(name);
    this.#lines = all;
    this.#isAnew = false;
    this.#passes = isWhole ? 1 : this.#passes + 1;
    this.#begin(name);
    // What is left over is removed after the next such pass.
    if (isWhole) await this.#journal.removeBefore(name).catch(() => undefined);
  }

  /** Throws MERGE_OVERTAKEN or MERGE_FILE_CHANGED when the object is not as this writer left it. */
  async check(): Promise<number> {
    const found = await this.#store.head(this.#path);
    if (found?.version !== this.#head?.version || found?.mark !== this.#head?.mark) {
      throw await this.#explainOther(found);
    }
    return this.#isAnew ? 0 : (found?.size ?? 0);
  }

  /** Takes back what was appended since the last pass. */
  async close(): Promise<void> {
    const growing = this.#growing;
    this.#growing = undefined;
    await growing?.abort();
  }

  #begin(last: string | undefined): void {
    this.#growing = undefined;
    this.#next = passName(last === undefined ? 1 : numberOf(last) + 1, randomUUID());
  }

  /** The object as it is once the pass has taken place. Whatever the answer was, the object knows. */
  async #finish(name: string): Promise<ObjectHead> {
    const { growing } = this;
    for (let attempt = 0; ; attempt += 1) {
      const failure = await growing.finish().then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      if (failure !== undefined && !isUnclear(failure)) throw failure;
      const found = await this.#store.head(this.#path);
      if (found?.mark === name) return found;
      if (found?.version !== this.#head?.version) throw await this.#explainOther(found);
      const wait = pauses[attempt];
      if (wait === undefined) throw this.#nameRefusal(failure);
      await pause(wait);
    }
  }

  async #explainOther(found: ObjectHead | undefined): Promise<SluiceError> {
    const file = this.#path;
    const { mark } = found ?? {};
    const problem = found === undefined ? 'it is gone' : 'somebody has replaced it';
    if (mark === undefined) return new SluiceError('MERGE_FILE_CHANGED', { file, problem });
    const writer = (await this.#journal.writerOf(mark)) ?? { pid: 'unknown', host: 'unknown' };
    return new SluiceError('MERGE_OVERTAKEN', { file, ...writer });
  }

  /** There are passes, but the object does not bear one. */
  async #refuseReplaced(): Promise<void> {
    const newest = (await this.#journal.names()).at(-1);
    // The first pass makes an empty object: its loss loses nothing, and it may not have taken place.
    if (newest === undefined || numberOf(newest) <= 1) return;
    throw await this.#explainOther(this.#head);
  }

  #nameRefusal(failure: Error | undefined): Error {
    if (failure !== undefined && !(failure instanceof Refusal)) return failure;
    const problem = failure?.message ?? 'it took no new version';
    return new SluiceError('AWS_FAILED', { service: 'S3', what: this.#path, problem });
  }
}

/** True when the store may have done it, or may do it later. */
function isUnclear(error: Error): boolean {
  return error instanceof Refusal || error instanceof AbsentFile || isPassing(error);
}
