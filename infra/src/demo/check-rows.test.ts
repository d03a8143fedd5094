import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRows, countExpectedRows } from './check-rows.ts';

const header =
  'customerId,eventId,eventOffset,eventPublisher,eventTime,deviceId,measure,status,temperature';

describe('the comparison of the merged file with what was sent', () => {
  let folder: string;
  let sent: string;
  let merged: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'check-rows-'));
    sent = join(folder, 'sent.jsonl');
    merged = join(folder, 'merged.csv');
    writeFileSync(sent, [eventLine('one', 2), eventLine('two', 0), eventLine('three', 1)].join(''));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function merge(...rows: string[]): Promise<Awaited<ReturnType<typeof checkRows>>> {
    writeFileSync(merged, [header, ...rows, ''].join('\n'));
    return checkRows(sent, merged);
  }

  it('expects a row for each device of each event', async () => {
    expect(await countExpectedRows(sent)).toBe(3);
  });

  it('finds nothing wrong when every row is there once, in any order', async () => {
    expect(await merge(row('three', 0), row('one', 1), row('one', 0))).toEqual({
      rowsExpected: 3,
      rowsMerged: 3,
      missing: 0,
      doubled: 0,
      changed: 0,
    });
  });

  it('counts a row that is not there as missing', async () => {
    expect(await merge(row('one', 0), row('one', 1))).toMatchObject({ missing: 1, doubled: 0 });
  });

  it('counts a second copy of a row as doubled', async () => {
    const check = await merge(row('one', 0), row('one', 0), row('one', 1), row('three', 0));
    expect(check).toMatchObject({ rowsMerged: 4, missing: 0, doubled: 1, changed: 0 });
  });

  it('counts a row with another cell as changed and its original as missing', async () => {
    const check = await merge(row('one', 0), row('one', 1), row('three', 0).replace('C,', 'F,'));
    expect(check).toMatchObject({ rowsMerged: 3, missing: 1, doubled: 0, changed: 1 });
  });
});

function eventLine(eventId: string, devices: number): string {
  const event = {
    eventId,
    eventOffset: 10_000,
    eventPublisher: 'device',
    customerId: 'CI00100',
    data: {
      devices: Array.from({ length: devices }, (_, temperature) => ({
        deviceId: null,
        temperature,
        measure: 'C',
        status: 'ERROR',
      })),
    },
    eventTime: '2026-01-02T03:04:05.000006',
  };
  return `${JSON.stringify(event)}\n`;
}

function row(eventId: string, temperature: number): string {
  return `CI00100,${eventId},10000,device,2026-01-02T03:04:05.000006,,C,ERROR,${temperature}`;
}
