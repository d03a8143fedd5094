import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../test/fixtures/wait-until.ts';
import type { Executor } from '../executors/executor.ts';
import type { Storage } from '../storage/storage.ts';
import type { LocalHandle } from '../store/run-handle.ts';
import type { RunStore } from '../store/run-store.ts';
import { openRunStore } from '../store/sqlite-run-store.ts';
import { type Watcher, watchRuns } from './watch-runs.ts';

const at = '2026-11-24T08:00:00.000Z';
const anHour = 3_600_000;
let folder: string;
let store: RunStore;
let watcher: Watcher;
let looks: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-pace-'));
  store = openRunStore(join(folder, 'state.db'));
  looks = [];
  addRun('on-disk', '/work/control/on-disk');
  addRun('in-bucket', 's3://rows/control/in-bucket');
  watcher = watchRuns({
    store,
    storage: silentStorage,
    executors: { local: lookedAt, standalone: lookedAt, glue: lookedAt },
    limits: {
      ...{ pollMs: 1, silenceMs: anHour, objectPollMs: anHour, objectSilenceMs: anHour },
      ...{ stopDeadlineMs: anHour, killDelayMs: anHour },
    },
    now: () => new Date(),
    report: () => undefined,
    launch: async () => undefined,
    runFolder: () => folder,
    restartClause: () => undefined,
    restart: async () => undefined,
  });
});
afterEach(async () => {
  await watcher.close();
  store.close();
  await rm(folder, { recursive: true });
});

test('a run that reports in a bucket is looked at less often, and at once when there is a hurry', async () => {
  await waitUntil('many looks at the other one', () => countLooks('on-disk') > 20);
  expect(countLooks('in-bucket')).toBe(1);
  watcher.hurry();
  await waitUntil('a look', () => countLooks('in-bucket') > 1);
  expect(countLooks('in-bucket')).toBe(2);
});

function countLooks(run: string): number {
  return looks.filter((look) => look === run).length;
}

function addRun(id: string, controlFolder: string): void {
  store.savePipeline(id, { spec: id, target: 'local' }, at);
  store.writeIntent({ id, pipeline: id, controlFolder }, at);
  const process = { pid: 1, startTime: '', bootId: '' };
  store.recordHandle(id, { target: 'local', runId: id, process, runFolder: folder }, at);
}

const silentStorage: Storage = {
  list: async () => [],
  read: async () => undefined,
  replace: async () => undefined,
  exists: async () => false,
};

/** Drivers that always run; who was looked at is kept. */
const lookedAt: Executor = {
  target: 'local',
  submit: async () => {
    throw new Error('nothing is to be submitted');
  },
  find: async () => undefined,
  observe: async (handle) => {
    looks.push((handle as LocalHandle).runId);
    return { kind: 'running' };
  },
  kill: async () => undefined,
  readLog: async () => ({ from: 0, total: 0, lines: [] }),
};
