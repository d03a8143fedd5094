import type { FilePort, OpenFile } from '../control/src/merge/file-port.ts';

const line = Buffer.from('0123456789,"quoted, text with ""marks""",17.25,2026-11-24T10:00:00Z\n');
const head = Buffer.from('id,text,value,time\n');
const log = '/out/_spark_metadata';

/** A disk with one big part whose bytes are made when they are read, and a merged file whose bytes go nowhere. */
export function virtualPart(bytes: number): FilePort {
  const count = Math.floor((bytes - head.length) / line.length);
  const size = head.length + count * line.length;
  const entry = { path: 'file:///out/part-0.csv', size, isDir: false, action: 'add' };
  const files = new Map<string, OpenFile>([
    ['/out/part-0.csv', partFile(size)],
    [`${log}/0`, memoryFile(Buffer.from(`v1\n${JSON.stringify(entry)}`))],
  ]);
  return {
    list: async (folder) => (folder === log ? ['0'] : []),
    size: async (path) => files.get(path)?.size(),
    open: async (path, access) => {
      const found =
        files.get(path) ?? (access === 'create' ? memoryFile(Buffer.alloc(0)) : undefined);
      if (found === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      files.set(path, found);
      return found;
    },
    rename: async (from, to) => {
      const file = files.get(from);
      files.delete(from);
      if (file !== undefined) files.set(to, file);
    },
    remove: async (path) => void files.delete(path),
    makeFolder: async () => undefined,
    point: async () => undefined,
    syncFolder: async () => undefined,
    freeBytes: async () => 0,
  };
}

const block = Buffer.concat(Array.from({ length: 40_000 }, () => line));

function partFile(size: number): OpenFile {
  return {
    ...memoryFile(Buffer.alloc(0)),
    size: async () => size,
    read: async (target, position) => {
      const end = Math.min(target.length, size - position);
      let done = 0;
      if (position < head.length) done = head.copy(target, 0, position);
      while (done < end) {
        const at = (position + done - head.length) % line.length;
        done += block.copy(target, done, at, at + end - done);
      }
      return end;
    },
  };
}

/** Keeps the last 128 KiB only: more the merge does not look at again. */
function memoryFile(start: Buffer): OpenFile {
  const keep = 128 * 1024;
  let [bytes, from] = [start, 0];
  return {
    size: async () => from + bytes.length,
    read: async (target, position) => bytes.copy(target, 0, Math.max(0, position - from)),
    write: async (chunk, position) => {
      const kept = bytes.subarray(Math.max(0, bytes.length - keep), position - from);
      bytes = Buffer.concat([kept, chunk]).subarray(-2 * keep);
      from = position + chunk.length - bytes.length;
    },
    truncate: async (length) => {
      bytes = bytes.subarray(0, length - from);
    },
    sync: async () => undefined,
    close: async () => undefined,
  };
}
