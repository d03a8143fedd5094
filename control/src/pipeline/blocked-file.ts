import { SluiceError } from '../errors/sluice-error.ts';
import type { MergeProgress } from './merge-progress.ts';

/** Stands for a merged file in, or from parts in, a bucket: what is not built yet is shown, not passed over. */
export class BlockedFile {
  readonly progress: MergeProgress;

  constructor(into: string, place: string) {
    const { code, message, next } = new SluiceError('MERGE_IN_BUCKET', { place });
    this.progress = Object.freeze({
      ...{ file: into, state: 'BLOCKED' as const },
      ...{ rows: 0, bytes: 0, parts: 0, pendingParts: 0, pendingBytes: 0, quarantinedParts: 0 },
      cause: Object.freeze({ code, sentence: message, next }),
    });
  }

  async stop(): Promise<void> {}
}
