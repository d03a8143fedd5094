/**
 * Small files of runs, on this machine or in buckets. Places are absolute: a path or `s3://bucket/key`. All throw
 * what the place gives, for buckets as errors of the catalogue; that something is not there is no error.
 */
export interface Storage {
  /** Names of the direct children of a folder, in no order; none when it is absent. */
  list(folder: string): Promise<readonly string[]>;
  /** The first bytes of a file, at most so many; undefined when it is not there. */
  read(path: string, limitBytes: number): Promise<Buffer | undefined>;
  /** Replaces a file as a whole and durably; makes its folders. */
  replace(path: string, bytes: string | Uint8Array): Promise<void>;
  /** Whether a file is there. */
  exists(path: string): Promise<boolean>;
}
