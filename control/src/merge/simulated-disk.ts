import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { FileAccess, FilePort, OpenFile } from './file-port.ts';

/** What a power cut leaves of changes that were not synced. */
export const lossModels = [
  'everything kept',
  'nothing unsynced kept',
  'names lost, bytes kept',
  'names kept, bytes lost',
  'first name lost',
  'last name lost',
  'last write cut in half',
  'last write cut after 512 bytes',
  'last write cut by one byte',
  'last write zero in its first half',
  'journal kept, other bytes lost',
  'journal lost, other bytes kept',
] as const;

export type LossModel = (typeof lossModels)[number];

/** Thrown by every operation once the power is cut. */
export class PowerCut extends Error {}

interface Inode {
  synced: Buffer;
  bytes: Buffer;
}

type NameChange = (names: Map<string, Inode>) => void;
interface LastWrite {
  readonly inode: Inode;
  readonly before: Buffer;
  readonly position: number;
  readonly bytes: Buffer;
}

/**
 * A disk in memory that knows what was synced, for driving the real merge through power cuts. `powerAfter` changes
 * (create, write, truncate, rename, remove, syncs) succeed; then every operation throws PowerCut.
 */
export class SimulatedDisk implements FilePort {
  /** Changes done so far, in words. */
  readonly changes: string[] = [];
  /** Throws instead of doing a change; for faults other than a power cut. */
  beforeChange: (change: string) => void = () => undefined;
  readonly #powerAfter: number;
  readonly #names = new Map<string, Inode>();
  readonly #syncedNames = new Map<string, Inode>();
  #unsyncedNames: NameChange[] = [];
  #lastWrite: LastWrite | undefined;
  #dark = false;

  constructor(powerAfter = Number.POSITIVE_INFINITY) {
    this.#powerAfter = powerAfter;
  }

  /** Puts a file there as if it had been synced long ago. */
  put(path: string, text: string | Buffer): void {
    const bytes = Buffer.from(text);
    const inode = { bytes, synced: bytes };
    this.#names.set(path, inode);
    this.#syncedNames.set(path, inode);
  }

  /** The bytes of a file as a reader sees them now. */
  peek(path: string): Buffer | undefined {
    return this.#names.get(path)?.bytes;
  }

  /** The disk after a power cut, on which everything is synced. */
  afterPowerCut(model: LossModel, powerAfter = Number.POSITIVE_INFINITY): SimulatedDisk {
    const after = new SimulatedDisk(powerAfter);
    for (const [path, inode] of this.#namesAfter(model)) {
      after.put(path, this.#bytesAfter(model, path, inode));
    }
    return after;
  }

  /** Tells two states apart. */
  digest(): string {
    const hash = createHash('sha1');
    for (const path of [...this.#names.keys()].sort()) {
      hash.update(`${path}\0${this.#names.get(path)?.bytes.length}\0`);
      hash.update(this.#names.get(path)?.bytes ?? '');
    }
    return hash.digest('hex');
  }

  async list(folder: string): Promise<readonly string[]> {
    this.#read();
    const inside = [...this.#names.keys()].filter((path) => dirname(path) === folder);
    if (inside.length === 0) throw failure('ENOENT', folder);
    return inside.map((path) => path.slice(folder.length + 1));
  }

  async size(path: string): Promise<number | undefined> {
    this.#read();
    return this.#names.get(path)?.bytes.length;
  }

  async open(path: string, access: FileAccess): Promise<OpenFile> {
    this.#read();
    const found = this.#names.get(path);
    if (access === 'create' && found !== undefined) throw failure('EEXIST', path);
    if (access !== 'create' && found === undefined) throw failure('ENOENT', path);
    return this.#handle(path, found ?? this.#create(path));
  }

  async rename(from: string, to: string): Promise<void> {
    this.#change(`rename ${from}`);
    const inode = this.#names.get(from);
    if (inode === undefined) throw failure('ENOENT', from);
    this.#changeName((names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  async remove(path: string): Promise<void> {
    this.#read();
    if (!this.#names.has(path)) return;
    this.#change(`remove ${path}`);
    this.#changeName((names) => names.delete(path));
  }

  async syncFolder(folder: string): Promise<void> {
    this.#change(`sync folder ${folder}`);
    for (const change of this.#unsyncedNames) change(this.#syncedNames);
    this.#unsyncedNames = [];
  }

  async freeBytes(): Promise<number> {
    return 0;
  }

  #create(path: string): Inode {
    this.#change(`create ${path}`);
    const inode = { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
    this.#changeName((names) => names.set(path, inode));
    return inode;
  }

  #handle(path: string, inode: Inode): OpenFile {
    return {
      size: async () => {
        this.#read();
        return inode.bytes.length;
      },
      read: async (target, position) => {
        this.#read();
        return inode.bytes.copy(target, 0, Math.min(position, inode.bytes.length));
      },
      write: async (bytes, position) => {
        this.#change(`write ${path}`);
        const copy = Buffer.from(bytes);
        this.#lastWrite = { inode, before: inode.bytes, position, bytes: copy };
        inode.bytes = overwrite(inode.bytes, copy, position);
      },
      truncate: async (length) => {
        this.#change(`truncate ${path}`);
        inode.bytes = overwrite(inode.bytes.subarray(0, length), Buffer.alloc(0), length);
      },
      sync: async () => {
        this.#change(`sync ${path}`);
        inode.synced = inode.bytes;
        if (this.#lastWrite?.inode === inode) this.#lastWrite = undefined;
      },
      close: async () => undefined,
    };
  }

  #read(): void {
    if (this.#dark) throw new PowerCut();
  }

  #change(what: string): void {
    this.#read();
    if (this.changes.length >= this.#powerAfter) {
      this.#dark = true;
      throw new PowerCut();
    }
    this.beforeChange(what);
    this.changes.push(what);
  }

  #changeName(change: NameChange): void {
    change(this.#names);
    this.#unsyncedNames.push(change);
  }

  #namesAfter(model: LossModel): Map<string, Inode> {
    const names = new Map(this.#syncedNames);
    const changes = this.#unsyncedNames;
    if (model === 'first name lost') for (const change of changes.slice(1)) change(names);
    else if (model === 'last name lost') for (const change of changes.slice(0, -1)) change(names);
    else if (model !== 'names lost, bytes kept' && model !== 'nothing unsynced kept') {
      for (const change of changes) change(names);
    }
    return names;
  }

  #bytesAfter(model: LossModel, path: string, inode: Inode): Buffer {
    const isJournal = path.endsWith('.journal');
    if (model === 'nothing unsynced kept' || model === 'names kept, bytes lost')
      return inode.synced;
    if (model === 'journal kept, other bytes lost') return isJournal ? inode.bytes : inode.synced;
    if (model === 'journal lost, other bytes kept') return isJournal ? inode.synced : inode.bytes;
    const last = this.#lastWrite;
    if (last?.inode !== inode || !model.startsWith('last write')) return inode.bytes;
    return overwrite(last.before, spoil(model, last.bytes), last.position);
  }
}

function spoil(model: LossModel, bytes: Buffer): Buffer {
  const half = Math.floor(bytes.length / 2);
  if (model === 'last write cut in half') return bytes.subarray(0, half);
  if (model === 'last write cut after 512 bytes') return bytes.subarray(0, 512);
  if (model === 'last write cut by one byte') return bytes.subarray(0, -1);
  return Buffer.concat([Buffer.alloc(half), bytes.subarray(half)]);
}

function overwrite(old: Buffer, bytes: Buffer, position: number): Buffer {
  const gap = Buffer.alloc(Math.max(0, position - old.length));
  return Buffer.concat([
    old.subarray(0, position),
    gap,
    bytes,
    old.subarray(position + bytes.length),
  ]);
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, syscall: 'simulated' });
}
