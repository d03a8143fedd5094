import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage } from '../storage/open-storage.ts';
import { readSigns, type SignPlace, writeStopMarker } from './job-signs.ts';

const alive = { run: 'run-1', at: '2026-11-24T12:00:00.000Z', phase: 'running' };
let place: SignPlace;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-signs-'));
  place = { storage: openStorage({ region: 'us-east-1' }), folder, runId: 'run-1' };
});
afterEach(() => rm(place.folder, { recursive: true, force: true }));

test('a job that has said nothing gives no signs', async () => {
  const absent = { ...place, folder: join(place.folder, 'not/there') };
  expect(await readSigns(absent)).toEqual({ stopMarker: false });
});

test('what is torn, of another form or of another run is left out', async () => {
  writeFileSync(join(place.folder, 'alive.json'), JSON.stringify({ ...alive, run: 'run-2' }));
  writeFileSync(join(place.folder, 'end.json'), '{"run": "run-1", "at": ');
  writeFileSync(join(place.folder, 'progress.json'), '[1]');
  expect(await readSigns(place)).toEqual({ stopMarker: false });
});

test('a stop marker is seen by the reader, also in a folder that was not there', async () => {
  const later = { ...place, folder: join(place.folder, 'later') };
  await writeStopMarker(later);
  await writeStopMarker(later);
  writeFileSync(join(later.folder, 'alive.json'), JSON.stringify(alive));
  expect(await readSigns(later)).toEqual({ alive, stopMarker: true });
});

test('signs that cannot be read are an error, not silence', async () => {
  mkdirSync(join(place.folder, 'alive.json'));
  await expect(readSigns(place)).rejects.toThrow('EISDIR');
});
