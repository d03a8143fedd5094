import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRunStore } from './sqlite-run-store.ts';

const at = '2026-11-24T08:00:00.000Z';
const everything = { from: 0, size: 1000 };
const handle = {
  target: 'local',
  runId: 'run-1',
  process: { pid: 1, startTime: '2', bootId: '3' },
  runFolder: '/r',
} as const;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  path = join(folder, 'state.db');
});
afterEach(() => rm(folder, { recursive: true }));

test('a spec that changes counts its revision up and one that does not stays where it is', () => {
  using store = disposable();
  expect(store.savePipeline('a', { spec: 'text 1', target: 'local' }, at).revision).toBe(1);
  expect(store.savePipeline('a', { spec: 'text 1', target: 'local' }, at).revision).toBe(1);
  expect(store.savePipeline('a', { spec: 'text 2', target: 'local' }, at).revision).toBe(2);
  expect(store.savePipeline('a', { spec: 'text 2', target: 'glue' }, at).revision).toBe(3);
});

test('two intents for one pipeline give one run', () => {
  using store = disposable();
  store.savePipeline('a', { spec: 'text', target: 'local' }, at);
  const first = store.writeIntent(intent('a', 'run-1'), at);
  const second = store.writeIntent(intent('a', 'run-2'), at);
  expect([first.isNew, second.isNew, second.run.id]).toEqual([true, false, 'run-1']);
  expect(store.pipeline('a')).toMatchObject({ desired: 'RUNNING', epoch: 1 });
});

test('the first end of a run is kept and later writes of it are refused', () => {
  using store = disposable();
  store.savePipeline('a', { spec: 'text', target: 'local' }, at);
  store.writeIntent(intent('a', 'run-1'), at);
  const end = { state: 'FAILED', at, seenAt: at, ended: true } as const;
  expect(store.recordMove('run-1', end)).toBe(true);
  expect(store.recordMove('run-1', { ...end, state: 'STOPPED' })).toBe(false);
  expect(store.recordHandle('run-1', handle, at)).toBe(false);
  expect(store.run('run-1')).toMatchObject({ state: 'FAILED', endedAt: at });
});

test('a run of an older epoch cannot write', () => {
  using store = disposable();
  store.savePipeline('a', { spec: 'text', target: 'local' }, at);
  store.writeIntent(intent('a', 'run-1'), at);
  withRawDatabase('UPDATE pipelines SET epoch = epoch + 1');
  expect(store.recordMove('run-1', { state: 'RUNNING', at, seenAt: at })).toBe(false);
});

test('a store that was opened again elsewhere refuses the writes of the older opener', () => {
  using older = disposable();
  older.savePipeline('a', { spec: 'text', target: 'local' }, at);
  using newer = disposable();
  expect(() => older.setDesired('a', 'RUNNING', at)).toThrow(/took over/);
  newer.setDesired('a', 'RUNNING', at);
  expect(older.pipeline('a')?.desired).toBe('RUNNING');
});

test('a page says how many there are in all and the events of a pipeline stay after it', () => {
  using store = disposable();
  for (const name of ['a', 'b', 'c'])
    store.savePipeline(name, { spec: 'text', target: 'local' }, at);
  expect(store.pipelines({ from: 1, size: 1 })).toMatchObject({
    from: 1,
    size: 1,
    total: 3,
    items: [{ name: 'b' }],
  });
  store.writeIntent(intent('b', 'run-1'), at);
  expect(store.removePipeline('b', at)).toEqual(['run-1']);
  expect(store.run('run-1')).toBeUndefined();
  expect(store.events('b', everything).items.map((event) => event.what)).toEqual([
    'applied',
    'intent',
    'removed',
  ]);
});

test('events can be neither changed nor deleted', () => {
  using store = disposable();
  store.savePipeline('a', { spec: 'text', target: 'local' }, at);
  expect(() => withRawDatabase("UPDATE events SET what = 'x'")).toThrow(/append-only/);
  expect(() => withRawDatabase('DELETE FROM events')).toThrow(/append-only/);
});

test('a schema newer than this program is refused by its number', () => {
  disposable()[Symbol.dispose]();
  withRawDatabase('PRAGMA user_version = 99');
  expect(() => openRunStore(path)).toThrow(/schema 99, this Sluice knows 3/);
});

test('a file that is no database is refused with a sentence', () => {
  withRawDatabase('PRAGMA user_version = 0', join(folder, 'other.db'));
  expect(() => openRunStore(folder)).toThrow(/cannot be written/);
});

test('kill -9 between writes keeps every write that was acknowledged', async () => {
  const writer = spawn(process.execPath, ['--input-type=module', '-e', endlessWriter], {
    env: { ...process.env, STORE: path, MODULE: join(import.meta.dirname, 'sqlite-run-store.ts') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === 200) writer.kill('SIGKILL');
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
  using store = disposable();
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  expect(store.pipeline('a')?.revision).toBeGreaterThanOrEqual(acknowledged);
});

/** Writes spec after spec and says each revision after its write returned. */
const endlessWriter = `
  import { writeSync } from 'node:fs';
  const { openRunStore } = await import(process.env.MODULE);
  const store = openRunStore(process.env.STORE);
  for (let count = 1; ; count += 1) {
    const { revision } = store.savePipeline('a', { spec: 'text ' + count, target: 'local' }, new Date().toISOString());
    writeSync(1, revision + '\\n');
  }`;

function intent(pipeline: string, id: string) {
  return { pipeline, id, controlFolder: '/c' };
}

function disposable() {
  const store = openRunStore(path);
  return { ...store, [Symbol.dispose]: () => store.close() };
}

function withRawDatabase(sql: string, file = path): void {
  const database = new DatabaseSync(file);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}
