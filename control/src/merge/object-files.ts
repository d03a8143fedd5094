import { AbsentFile } from '../errors/absent-file.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { BytesOrigin, FileAccess, FilePort, OpenFile } from './file-port.ts';
import { ObjectMerge } from './object-merge.ts';
import type { ObjectHead, ObjectStore } from './object-store.ts';

const journalEnding = '.journal';

/**
 * Objects as the files of a merge. Any object can be read; those opened for writing are merged objects and their
 * journals, which are written in one step when the journal is synced: see ObjectMerge.
 */
export class ObjectFiles implements FilePort {
  readonly #store: ObjectStore;
  readonly #merges = new Map<string, ObjectMerge>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#store.list(folder);
  }

  listBelow(folder: string): Promise<readonly string[]> {
    return this.#store.listBelow(folder);
  }

  async size(path: string): Promise<number | undefined> {
    if (this.#merges.get(path)?.isAnew) return undefined;
    return (await this.#store.head(path))?.size;
  }

  async open(path: string, access: FileAccess): Promise<OpenFile> {
    if (path.endsWith(journalEnding)) return this.#openJournal(path, access);
    if (access !== 'read') return this.#openMerged(path);
    const head = await this.#store.head(path);
    if (head === undefined) throw new AbsentFile(path);
    return new ReadObject(this.#store, path, head);
  }

  /** The next merge into an object makes it anew: see ObjectMerge. */
  beginAnew(path: string): void {
    this.#mergeOf(path).beginAnew();
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#store.replace(path, bytes);
  }

  /** The passes of a journal are removed by their merge. */
  async remove(path: string): Promise<void> {
    if (!path.endsWith(journalEnding)) await this.#store.remove(path);
  }

  async rename(from: string): Promise<void> {
    throw new SluiceError('INTERNAL', { problem: `the object ${from} cannot be renamed` });
  }

  async point(path: string): Promise<void> {
    throw new SluiceError('INTERNAL', { problem: `the object ${path} cannot stand for another` });
  }

  async makeFolder(): Promise<void> {}

  async syncFolder(): Promise<void> {}

  async freeBytes(): Promise<number> {
    return Number.POSITIVE_INFINITY;
  }

  async #openJournal(path: string, access: FileAccess): Promise<OpenFile> {
    const merge = this.#mergeOf(path.slice(0, -journalEnding.length));
    if (access === 'write') return new JournalObject(merge);
    const isThere = await merge.load();
    if (access === 'read' && !isThere) throw new AbsentFile(path);
    return new JournalObject(merge);
  }

  async #openMerged(path: string): Promise<OpenFile> {
    const merge = this.#mergeOf(path);
    await merge.clearUploads();
    return new MergedObject(this.#store, merge);
  }

  #mergeOf(path: string): ObjectMerge {
    const merge = this.#merges.get(path) ?? new ObjectMerge(this.#store, path);
    this.#merges.set(path, merge);
    return merge;
  }
}

class ReadObject implements OpenFile {
  readonly version: string;
  readonly #store: ObjectStore;
  readonly #path: string;
  readonly #size: number;

  constructor(store: ObjectStore, path: string, { size, version }: ObjectHead) {
    this.#store = store;
    this.#path = path;
    this.#size = size;
    this.version = version;
  }

  async size(): Promise<number> {
    return this.#size;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const to = Math.min(this.#size, position + target.length);
    const range = { path: this.#path, version: this.version, from: position, to };
    const bytes = await this.#store.read(range);
    target.set(bytes);
    return bytes.length;
  }

  write(): Promise<void> {
    return this.#refuse();
  }

  truncate(): Promise<void> {
    return this.#refuse();
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {}

  async #refuse(): Promise<never> {
    throw new SluiceError('INTERNAL', { problem: `${this.#path} is open for reading` });
  }
}

/** The lines of all passes, and those that are to be the next one. */
class JournalObject implements OpenFile {
  readonly #merge: ObjectMerge;
  #added: Buffer[] = [];

  constructor(merge: ObjectMerge) {
    this.#merge = merge;
  }

  async size(): Promise<number> {
    return this.#merge.lines.length;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const bytes = this.#merge.lines.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#added.push(Buffer.from(bytes));
  }

  /** Only what was not synced is ever taken back. */
  async truncate(): Promise<void> {
    this.#added = [];
  }

  async sync(): Promise<void> {
    if (this.#added.length === 0) return;
    await this.#merge.commit(Buffer.concat(this.#added));
    this.#added = [];
  }

  async close(): Promise<void> {}
}

class MergedObject implements OpenFile {
  readonly sealed = true;
  readonly #store: ObjectStore;
  readonly #merge: ObjectMerge;

  constructor(store: ObjectStore, merge: ObjectMerge) {
    this.#store = store;
    this.#merge = merge;
  }

  size(): Promise<number> {
    return this.#merge.check();
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const { head, path } = this.#merge;
    if (head === undefined) return 0;
    return new ReadObject(this.#store, path, head).read(target, position);
  }

  write(bytes: Uint8Array, _position: number, origin?: BytesOrigin): Promise<void> {
    return this.#merge.growing.write(bytes, origin);
  }

  async truncate(length: number): Promise<void> {
    if (length >= (this.#merge.head?.size ?? 0)) return this.#merge.growing.truncate(length);
    const problem = 'it is longer than its journal says';
    throw new SluiceError('MERGE_FILE_CHANGED', { file: this.#merge.path, problem });
  }

  keep(length: number): void {
    this.#merge.growing.keep(length);
  }

  /** The bytes are safe with the journal that vouches for them: see ObjectMerge. */
  async sync(): Promise<void> {}

  close(): Promise<void> {
    return this.#merge.close();
  }
}
