/**
 * The operations of S3 that a merge needs, so that a test can put a simulated bucket under the real code. Paths are
 * addresses, `s3://bucket/key`. All throw errors of the catalogue, but for those that name another.
 */
export interface ObjectStore {
  readonly limits: PieceLimits;
  /** Undefined when there is no such object. */
  head(path: string): Promise<ObjectHead | undefined>;
  /** Bytes of one version of an object. ENOENT when it is gone, MERGE_OBJECT_REPLACED when it is another by now. */
  read(source: ObjectRange): Promise<Buffer>;
  /** Names of the direct children of a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Names of all objects below a folder, with `/`. */
  listBelow(folder: string): Promise<readonly string[]>;
  remove(path: string): Promise<void>;
  /** Writes whatever is there. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes only in the place of one version, or of nothing. Throws a Refusal when the condition does not hold. */
  put(write: ObjectWrite, bytes: Uint8Array): Promise<string>;
  /** Begins an object of many pieces, and returns its name. Nobody sees any of it before it is finished. */
  beginUpload(path: string, mark: string): Promise<string>;
  /** A piece has 5 MiB to 5 GiB, the last one may have less. A range is copied by the store itself. */
  sendPiece(piece: PieceName, content: Uint8Array | ObjectRange): Promise<SentPiece>;
  /** Makes an object of the pieces, under the same condition as `put`. */
  finishUpload(write: ObjectWrite, upload: string, pieces: readonly SentPiece[]): Promise<string>;
  /** It is no error when it is gone. */
  abortUpload(path: string, upload: string): Promise<void>;
  /** The begun uploads of one object. */
  listUploads(path: string): Promise<readonly string[]>;
}

export interface ObjectHead {
  readonly size: number;
  /** The ETag, with its quotes. */
  readonly version: string;
  /** What we said of it when we wrote it. */
  readonly mark: string | undefined;
}

export interface ObjectRange {
  readonly path: string;
  readonly version: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface ObjectWrite {
  readonly path: string;
  /** The version that is replaced; undefined: there must be no object. */
  readonly after: string | undefined;
  readonly mark: string;
}

export interface PieceName {
  readonly path: string;
  readonly upload: string;
  /** From 1. */
  readonly number: number;
}

export interface SentPiece {
  readonly number: number;
  readonly version: string;
  readonly checksum: string | undefined;
}

/** Bytes. */
export interface PieceLimits {
  /** No piece may be smaller but the last. */
  readonly least: number;
  /** Sent at once. */
  readonly sent: number;
  /** Sent at once when there are many pieces: an object has 10,000 at most. */
  readonly sentOfMany: number;
  /** Copied at once; larger ranges are copied side by side. */
  readonly copied: number;
}
