import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MergeProgressBar } from './merge-progress-bar.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream };
}

const totals = { parts: 1, rows: 7, bytes: 50 };
const half = { totals, pendingParts: 2, pendingBytes: 100, copiedBytes: 50 };

describe('the progress bar of a merge', () => {
  it('shows on a terminal what is done of the bytes that waited, those that are just copied too', () => {
    const { written, stream } = screen(true);
    const bar = new MergeProgressBar(stream);
    bar.show({ ...half, pendingBytes: 100, copiedBytes: 0 });
    bar.show({ ...half, pendingBytes: 0, copiedBytes: 0, pendingParts: 0 });
    const lines = written.map((text) => stripVTControlCharacters(text).trim());
    expect(lines[0]).toMatch(/^\[\.{24}\] 0 %, 7 rows, 2 parts left/);
    expect(lines.at(-1)).toMatch(/^\[#{24}\] 100 %, 7 rows, 0 parts left/);
    bar.clear();
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('says nothing where nobody looks', () => {
    const { written, stream } = screen(false);
    const bar = new MergeProgressBar(stream);
    bar.show(half);
    bar.clear();
    expect(written).toEqual([]);
  });
});
