import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDeviceEvents } from '../../producers/src/device-events.ts';
import { projectRoot } from './architecture/project-files.ts';
import { readPartLines } from './fixtures/read-part-lines.ts';
import { runSparkProgram } from './fixtures/spark-runtime.ts';

/** What CSV writers stumble over, in an event that is otherwise like all others. */
const awkward = {
  eventId: 'comma, "quotes", \\ and é水🚰',
  eventOffset: 9_007_199_254_740_991,
  eventPublisher: '',
  customerId: null,
  data: {
    devices: [
      { deviceId: ' blanks ', temperature: -3, measure: '\ttab', status: 'two\nlines' },
      { deviceId: '-', temperature: null, measure: '"', status: '#' },
      null,
    ],
  },
  eventTime: '2026-11-24T03:00:21.435000',
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'device-events-'));
  const next = createDeviceEvents({ seed: 'by hand' });
  const lines = Array.from({ length: 500 }, () => next().value);
  writeFileSync(join(folder, 'events.jsonl'), [...lines, JSON.stringify(awkward)].join('\n'));
  const job = join(projectRoot, 'spark-jobs/generated/device_events.py');
  copyFileSync(job, join(folder, 'device_events.py'));
  runSparkProgram(folder, [join(import.meta.dirname, 'fixtures/device_events_by_hand.py')]);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('the generated job of device-events gives row for row what the same job written by hand gives', () => {
  const rows = readPartLines(join(folder, 'generated'));
  expect(rows).toEqual(readPartLines(join(folder, 'by-hand')));
  expect(rows.length).toBeGreaterThan(600);
  expect(rows).toContain(
    ',"comma, ""quotes"", \\ and é水🚰",9007199254740991,"",2026-11-24T03:00:21.435000,,,,',
  );
});
