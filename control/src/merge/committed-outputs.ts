import { basename, dirname } from 'node:path';
import { absolutePlace } from '../storage/place.ts';
import { type CommittedPart, CommittedParts, type ConflictingPart } from './committed-parts.ts';
import type { FilePort } from './file-port.ts';

/**
 * The parts of several outputs, in their order: the generations of one pipeline, of which each began anew with a
 * checkpoint of its own. Parts of the first are known by their path below it, those of further ones with the name of
 * their output in front, so that equal names do not count as one part.
 */
export class CommittedOutputs {
  readonly #outputs: readonly CommittedParts[];

  constructor(port: FilePort, directories: readonly string[]) {
    this.#outputs = directories.map(
      (directory, index) =>
        new CommittedParts(port, directory, index === 0 ? '' : labelOf(directory)),
    );
  }

  /** As CommittedParts.readNew; undefined while none of them has committed anything. */
  async readNew(): Promise<readonly CommittedPart[] | undefined> {
    const all: (readonly CommittedPart[] | undefined)[] = [];
    for (const output of this.#outputs) all.push(await output.readNew());
    return all.every((parts) => parts === undefined)
      ? undefined
      : all.flatMap((parts) => parts ?? []);
  }

  takeConflicts(): readonly ConflictingPart[] {
    return this.#outputs.flatMap((output) => output.takeConflicts());
  }
}

/** `generation-2` for both `data/x/generation-2` and `data/x/generation-2/parts`. */
function labelOf(directory: string): string {
  const path = absolutePlace(directory);
  const name = basename(path);
  return `${name === 'parts' ? basename(dirname(path)) : name}/`;
}
