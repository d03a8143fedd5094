/** A mistake that somebody could make in the code of the merge, and the test that must not let it pass. */
export interface Mutant {
  readonly mistake: string;
  /** Below control/src/merge. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test file, below control/src/merge, and words of the title of a test that fails. */
  readonly test: string;
  readonly title: string;
}

const crash = { test: 'merge-crash.test.ts', title: 'F02, F03' };

export const mergeMutants: readonly Mutant[] = [
  {
    mistake: 'the bytes are not synced before the entry that vouches for them',
    file: 'merged-file.ts',
    find: '      await this.#file.sync();\n',
    replace: '',
    ...crash,
  },
  {
    mistake: 'the entry is written before the bytes are synced',
    file: 'merge-parts.ts',
    find: '    await file.sync();\n    await journal.append(this.#entries);\n',
    replace: '    await journal.append(this.#entries);\n    await file.sync();\n',
    ...crash,
  },
  {
    mistake: 'the journal is not synced',
    file: 'merge-journal.ts',
    find: '      await this.appendUnsynced(entries);\n      await this.#file.sync();\n',
    replace: '      await this.appendUnsynced(entries);\n',
    ...crash,
  },
  {
    mistake: 'the names of a new file and its journal are not synced',
    file: 'open-merge.ts',
    find: '    await port.syncFolder(dirname(path));\n    const bytes',
    replace: '    const bytes',
    ...crash,
  },
  {
    mistake: 'what stands behind the committed length is not cut off',
    file: 'open-merge.ts',
    find: '    if (cutBack > 0) await cutOff(file, bytes);\n',
    replace: '',
    ...crash,
  },
  {
    mistake: 'the first byte is written before the journal is marked open',
    file: 'merge-parts.ts',
    find: '  await markOpen(merge);\n',
    replace: '',
    ...crash,
  },
  {
    mistake: 'a rebuilt file takes its place before that is decided',
    file: 'merge-once.ts',
    find: '  await beginSwap(port, options.into);\n  await finishSwap(port, options.into);\n',
    replace:
      '  await port.rename(rebuildOf(options.into), options.into);\n  await beginSwap(port, options.into);\n  await finishSwap(port, options.into);\n',
    ...crash,
  },
  {
    mistake: 'a rotation does not mark the new file before writing to it',
    file: 'rotate-merge.ts',
    find: '  await journal.append([mark]);\n',
    replace: '',
    ...crash,
  },
  {
    mistake: 'a file is renamed before the rotation is decided',
    file: 'rotate-merge.ts',
    find: '  await journal.append([entry]);\n  state.add(entry);\n',
    replace:
      '  await port.rename(path, join(dirname(path), name));\n  await journal.append([entry]);\n  state.add(entry);\n',
    ...crash,
  },
  {
    mistake: 'the length is published before it is committed',
    file: 'merge-parts.ts',
    find: '    await file.sync();\n    await journal.append(this.#entries);\n',
    replace:
      '    await publishLength(port, path, this.#soundEnd);\n    await file.sync();\n    await journal.append(this.#entries);\n',
    ...crash,
  },
  {
    mistake: 'the published length is not synced before it takes its name',
    file: 'committed-length.ts',
    find: '    await file.sync();\n',
    replace: '',
    ...crash,
  },
  {
    mistake: 'a failed sync is tried again, though the system may have dropped the bytes',
    file: 'merged-file.ts',
    find: '    } catch (error) {\n      this.failed = true;\n      throw error;\n    }\n  }\n\n  /** Takes back everything',
    replace:
      '    } catch {\n      await this.#file.sync();\n    }\n  }\n\n  /** Takes back everything',
    test: 'merge-faults.test.ts',
    title: 'F05',
  },
  {
    mistake: 'the folder is listed instead of the log of Spark',
    file: 'committed-parts.ts',
    find: "    let missing = '';\n",
    replace:
      "    let missing = '';\n    const found = (await this.#port.list(this.#directory)).filter((name) => name.startsWith('part-'));\n    this.#lastBatch = 0;\n    if (found) return Promise.all(found.map(async (name) => ({ uri: join(this.#directory, name), batch: '0', size: (await this.#port.size(join(this.#directory, name))) ?? 0 })));\n",
    test: 'merge-once.test.ts',
    title: 'F08',
  },
  {
    mistake: 'a part that has grown is taken',
    file: 'part-source.ts',
    find: '  if (size !== part.size) throw wrongSize(part, size);\n',
    replace: '  if (size < part.size) throw wrongSize(part, size);\n',
    test: 'merge-quarantine.test.ts',
    title: 'F06',
  },
  {
    mistake: 'a second sighting with another size is taken for the same',
    file: 'committed-parts.ts',
    find: '  if (first === second) return undefined;\n',
    replace: '  if (first <= second) return undefined;\n',
    test: 'merge-quarantine.test.ts',
    title: 'F07',
  },
  {
    mistake: 'headers are not compared',
    file: 'copy-part.ts',
    find: '  if (found.equals(wanted)) return undefined;\n',
    replace: '  if (found.length >= 0) return undefined;\n',
    test: 'merge-quarantine.test.ts',
    title: 'F14',
  },
  {
    mistake: 'what was appended of a bad part is not taken back',
    file: 'merge-parts.ts',
    find: '      await merge.file.takeBack(this.#soundEnd);\n',
    replace: '',
    test: 'merge-quarantine.test.ts',
    title: 'ends inside quotes',
  },
  {
    mistake: 'an edit by hand is not noticed',
    file: 'open-merge.ts',
    find: '    if (crc === undefined || hexOf(crc) !== tail.crc32) {\n',
    replace: '    if (crc === undefined) {\n',
    test: 'merge-refusals.test.ts',
    title: 'F11',
  },
  {
    mistake: 'a live owner of the lock does not count',
    file: 'merge-lock.ts',
    find: '  if (newest > 0) await refuseLive(place, file, newest);\n',
    replace: '',
    test: 'merge-lock.test.ts',
    title: 'F12',
  },
  {
    mistake: 'a newline inside quotes ends a record',
    file: 'record-states.ts',
    find: '  next.set([quoted, quoted, quoted, quoteSeen, escaped], quoted * kinds);\n',
    replace: '  next.set([quoted, ended, quoted, quoteSeen, escaped], quoted * kinds);\n',
    test: 'record-scanner.test.ts',
    title: '',
  },
  {
    mistake: 'a log whose end is lost is taken for a whole one',
    file: 'sink-log.ts',
    find: '  if (checksum?.matches() === false) throw',
    replace: '  if (checksum?.matches() === undefined) throw',
    test: 'merge-corruption.test.ts',
    title: 'in the log of Spark',
  },
  {
    mistake: 'a damaged line in the middle of the journal is passed over',
    file: 'merge-journal.ts',
    find: '    if (earlierLost || read.write !== this.#lastWrite) {\n',
    replace: '    if (read.write < 0) {\n',
    test: 'merge-journal.test.ts',
    title: 'F10',
  },
];
