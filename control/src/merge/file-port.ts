/**
 * All file operations of the merge go through this port, so that a test can put a simulated disk under the real
 * code and cut the power after any operation. Operations fail with the error codes of the system (ENOENT, ENOSPC).
 */
export interface FilePort {
  /** Names inside a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** Bytes of a file, undefined when there is none. */
  size(path: string): Promise<number | undefined>;
  /** `read` and `write` want an existing file, `create` a new one (EEXIST). `write` and `create` also read. */
  open(path: string, access: FileAccess): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; it is no error when there is none. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it; it is no error when it is there. */
  makeFolder(folder: string): Promise<void>;
  /** Lets a name stand for another file of the same folder, in place of what it stood for: never for nothing. */
  point(path: string, target: string): Promise<void>;
  /** Makes created, renamed and removed names of a folder survive a power cut. */
  syncFolder(folder: string): Promise<void>;
  /**
   * Calls back with the name of each file of a folder that appears or changes, and with undefined when it cannot any
   * longer. Undefined when the folder is not there. Absent where nothing tells of changes.
   */
  watch?(folder: string, heard: (name: string | undefined) => void): StopWatching | undefined;
  /** Puts a small file in place whole, over what was there, where that is one step. Absent: write, then rename. */
  replace?(path: string, bytes: Uint8Array): Promise<void>;
  /** Names of all files below a folder, with `/`. Absent where folders are real. */
  listBelow?(folder: string): Promise<readonly string[]>;
  /** Bytes that are still free for us on the disk of a folder. */
  freeBytes(folder: string): Promise<number>;
}

export type StopWatching = () => void;

export type FileAccess = 'read' | 'write' | 'create';

export interface OpenFile {
  size(): Promise<number>;
  /** Fills the target from a position on; returns fewer bytes than its length only at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Writes all of the bytes at a position. Where they were read matters to a file with `sealed` alone. */
  write(bytes: Uint8Array, position: number, origin?: BytesOrigin): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Returns when all bytes written so far would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
  /** Which state of the file is read, where that has a name. */
  readonly version?: string;
  /** True for a file that is only ever replaced as a whole: nobody changes it without `size` noticing. */
  readonly sealed?: boolean;
  /** Says that a truncate to this length may come. Others need not be told. */
  keep?(length: number): void;
}

/** Where bytes were read that are written somewhere else, so that a store can copy them itself. */
export interface BytesOrigin {
  readonly path: string;
  readonly version: string;
  /** Position of the first of the bytes. */
  readonly at: number;
  /** Where the bytes of this origin will end that are going to be written in a row. */
  readonly end: number;
}

/** True when an error of a port carries this system code. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
