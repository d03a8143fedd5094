import { SluiceError } from '../errors/sluice-error.ts';
import type { BytesOrigin } from './file-port.ts';
import type {
  ObjectHead,
  ObjectRange,
  ObjectStore,
  ObjectWrite,
  SentPiece,
} from './object-store.ts';

const manyPieces = 1000;
const copiesAtOnce = 8;

/** How far the next object has been built at one length. */
interface Extent {
  readonly length: number;
  readonly pieces: readonly SentPiece[];
  /** Bytes behind the pieces, or behind the run. */
  readonly pending: readonly Uint8Array[];
  /** A stretch of a part that the store is to copy; it may still grow. */
  readonly run: ObjectRange | undefined;
}

/**
 * The next state of a merged object: the old one with bytes behind it. Old bytes and big parts are copied by the store
 * itself, the rest is sent in pieces, and nobody sees any of it before `finish`.
 */
export class GrowingObject {
  readonly #store: ObjectStore;
  readonly #path: string;
  readonly #mark: string;
  readonly #base: ObjectHead | undefined;
  #at: Extent;
  #begun = false;
  #upload: string | undefined;
  #border: number | undefined;
  #kept: Extent | undefined;

  constructor(store: ObjectStore, write: Omit<ObjectWrite, 'after'>, base: ObjectHead | undefined) {
    this.#store = store;
    this.#path = write.path;
    this.#mark = write.mark;
    this.#base = base;
    this.#at = { length: base?.size ?? 0, pieces: [], pending: [], run: undefined };
  }

  get length(): number {
    return this.#at.length;
  }

  /** What is written so far, or will be up to this length, can be come back to by `truncate`. */
  keep(length: number): void {
    this.#border = length;
    this.#keepHere();
  }

  /** Appends bytes; they are copied where the store does not fetch them from their origin. */
  async write(bytes: Uint8Array, origin?: BytesOrigin): Promise<void> {
    await this.#begin();
    const border = (this.#border ?? 0) - this.length;
    if (border > 0 && border < bytes.length) {
      await this.#append(bytes.subarray(0, border), origin);
      this.#keepHere();
      const rest = origin && { ...origin, at: origin.at + border };
      await this.#append(bytes.subarray(border), rest);
    } else {
      await this.#append(bytes, origin);
      this.#keepHere();
    }
  }

  /** Takes back what stands behind the old object, behind the length that was kept, or has not been sent yet. */
  async truncate(length: number): Promise<void> {
    if (length === this.length) return;
    if (this.#kept?.length === length) {
      this.#at = this.#kept;
      return;
    }
    if (length !== (this.#base?.size ?? 0)) {
      throw new SluiceError('INTERNAL', { problem: `${this.#path} cannot be cut to ${length}` });
    }
    await this.abort();
    this.#at = { length, pieces: [], pending: [], run: undefined };
    this.#begun = false;
  }

  /** Puts the object in the place of the old one; a Refusal when that is another by now. May be repeated. */
  async finish(): Promise<string> {
    await this.#begin();
    await this.#endRun();
    const write = { path: this.#path, after: this.#base?.version, mark: this.#mark };
    if (this.#upload === undefined) return this.#store.put(write, joined(this.#at.pending));
    await this.#sendPending();
    return this.#store.finishUpload(write, this.#upload, this.#at.pieces);
  }

  /** Leaves nothing behind that costs storage. */
  async abort(): Promise<void> {
    const upload = this.#upload;
    this.#upload = undefined;
    if (upload !== undefined) await this.#store.abortUpload(this.#path, upload);
  }

  #keepHere(): void {
    if (this.#border === this.length) this.#kept = this.#at;
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const base = this.#base;
    if (base === undefined || base.size === 0) return;
    const whole = { path: this.#path, version: base.version, from: 0, to: base.size };
    if (base.size < this.#store.limits.least)
      this.#at = { ...this.#at, pending: [await this.#store.read(whole)] };
    else await this.#copy(whole);
    this.#keepHere();
  }

  async #append(bytes: Uint8Array, origin: BytesOrigin | undefined): Promise<void> {
    const { run } = this.#at;
    if (run && origin && continues(run, origin)) {
      const longer = { ...run, to: run.to + bytes.length };
      this.#at = { ...this.#at, run: longer, length: this.length + bytes.length };
      return;
    }
    await this.#endRun();
    const gap = this.#fillUp(bytes.length, origin);
    await this.#take(bytes.subarray(0, gap));
    if (origin === undefined || gap === bytes.length) return;
    await this.#sendPending();
    const from = origin.at + gap;
    const to = origin.at + bytes.length;
    const begun = { path: origin.path, version: origin.version, from, to };
    this.#at = { ...this.#at, run: begun, length: this.length + bytes.length - gap };
  }

  /** How many of the bytes must be sent: all, or as many as make a piece of what is pending before a run begins. */
  #fillUp(count: number, origin: BytesOrigin | undefined): number {
    if (origin === undefined) return count;
    const pending = sizeOf(this.#at.pending);
    const { least } = this.#store.limits;
    const gap = pending === 0 ? 0 : Math.max(0, least - pending);
    return gap < count && origin.end - origin.at - gap >= least ? gap : count;
  }

  async #take(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const pending = [...this.#at.pending, Buffer.from(bytes)];
    this.#at = { ...this.#at, pending, length: this.length + bytes.length };
    const { sent, sentOfMany } = this.#store.limits;
    if (sizeOf(pending) >= (this.#at.pieces.length < manyPieces ? sent : sentOfMany))
      await this.#sendPending();
  }

  async #sendPending(): Promise<void> {
    const { pending } = this.#at;
    if (pending.length > 0) await this.#send([joined(pending)]);
    this.#at = { ...this.#at, pending: [] };
  }

  async #endRun(): Promise<void> {
    const { run } = this.#at;
    if (run === undefined) return;
    await this.#copy(run);
    this.#at = { ...this.#at, run: undefined };
  }

  #copy(range: ObjectRange): Promise<void> {
    const length = range.to - range.from;
    const count = Math.ceil(length / this.#store.limits.copied);
    const cut = (index: number) => range.from + Math.floor((index * length) / count);
    const cuts = Array.from({ length: count }, (_, index) => {
      return { ...range, from: cut(index), to: cut(index + 1) };
    });
    return this.#send(cuts);
  }

  async #send(contents: readonly (Uint8Array | ObjectRange)[]): Promise<void> {
    this.#upload ??= await this.#store.beginUpload(this.#path, this.#mark);
    const { upload, path } = { upload: this.#upload, path: this.#path };
    const first = this.#at.pieces.length + 1;
    const sent: SentPiece[] = [];
    for (let from = 0; from < contents.length; from += copiesAtOnce) {
      const group = contents.slice(from, from + copiesAtOnce).map((content, index) => {
        const number = first + from + index;
        return this.#store.sendPiece({ path, upload, number }, content);
      });
      sent.push(...(await Promise.all(group)));
    }
    this.#at = { ...this.#at, pieces: [...this.#at.pieces, ...sent] };
  }
}

function continues(run: ObjectRange, origin: BytesOrigin): boolean {
  return run.path === origin.path && run.version === origin.version && run.to === origin.at;
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}
