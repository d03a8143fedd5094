import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingEvent } from './event-sender.ts';
import { openFolderSender } from './folder-sender.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-sender-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('openFolderSender', () => {
  it('ends a file before it would hold more events than allowed', async () => {
    const sender = await openFolderSender({ folder, eventsPerFile: 100 });
    const events = makeEvents(250);
    const sent = [sender.send(events.slice(0, 70)), sender.send(events.slice(70))];
    await sender.close();
    await Promise.all(sent);
    const files = await readFiles();
    expect(files.map((lines) => lines.length)).toEqual([70, 100, 80]);
    expect(files.flat()).toEqual(events.map((event) => event.value));
  });

  it('ends a file before it would grow beyond its bytes', async () => {
    const sender = await openFolderSender({ folder, bytesPerFile: 500 });
    const sent = makeEvents(100).map((event) => sender.send([event]));
    await sender.close();
    await Promise.all(sent);
    const files = await readFiles();
    expect(files.flat()).toHaveLength(100);
    for (const lines of files) {
      expect(lines.join('\n').length).toBeLessThanOrEqual(500);
    }
  });

  it('shows a file, and acknowledges its events, only when it is whole', async () => {
    const sender = await openFolderSender({ folder, maxAgeMs: 3_600_000 });
    let acknowledged = false;
    const sent = sender.send(makeEvents(3)).then(() => {
      acknowledged = true;
    });
    await waitUntil(async () => (await readdir(folder)).length === 1);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\..*\.jsonl\.tmp$/)]);
    expect(acknowledged).toBe(false);
    await sender.flush();
    await sent;
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^events-.*-000001\.jsonl$/)]);
    await sender.close();
  });

  it('shows a file that has become old although it is not full', async () => {
    const sender = await openFolderSender({ folder, maxAgeMs: 20 });
    await sender.send(makeEvents(1));
    expect(await readFiles()).toHaveLength(1);
    await sender.close();
  });

  it('leaves the files of another run alone', async () => {
    for (const _run of ['first', 'second']) {
      const sender = await openFolderSender({ folder });
      const sent = sender.send(makeEvents(5));
      await sender.close();
      await sent;
    }
    expect((await readFiles()).map((lines) => lines.length)).toEqual([5, 5]);
  });

  it('fails every send when the folder goes away, naming it', async () => {
    const gone = join(folder, 'gone');
    await mkdir(gone);
    const sender = await openFolderSender({ folder: gone });
    await rm(gone, { recursive: true });
    await expect(sender.send(makeEvents(1))).rejects.toThrow(`Writing events to ${gone} failed`);
    await expect(sender.send(makeEvents(1))).rejects.toThrow(`Writing events to ${gone} failed`);
    await expect(sender.flush()).rejects.toThrow(`Writing events to ${gone} failed`);
    await sender.close();
  });

  it('refuses a folder that is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openFolderSender({ folder: file })).rejects.toMatchObject({
      code: 'FOLDER_FAILED',
    });
  });

  it('leaves only whole files, with every recorded event in one, when killed while writing', async () => {
    const target = join(folder, 'target');
    const record = join(folder, 'record.jsonl');
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'produce.ts'),
      ...['device-events', '--to', 'folder', '--folder', target, '--rate', 'max'],
      ...['--events-per-file', '700', '--record', record],
    ]);
    const exited = once(child, 'exit');
    await waitUntil(async () => (await namesOf(target)).length > 5);
    child.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);

    const lines = (await readFiles(target)).flat();
    const ids = new Set(lines.map((line) => JSON.parse(line).eventId));
    expect(ids.size).toBe(lines.length);
    const recorded = (await readFile(record, 'utf8')).split('\n').slice(0, -1);
    expect(recorded.length).toBeGreaterThan(0);
    expect(recorded.filter((line) => !ids.has(JSON.parse(line).eventId))).toEqual([]);
  });
});

function makeEvents(count: number): readonly OutgoingEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `k${index}`,
    value: JSON.stringify({ index }),
  }));
}

/** The visible files as a reader sees them; each must end with a line end. */
async function readFiles(from = folder): Promise<readonly (readonly string[])[]> {
  const names = (await namesOf(from)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(from, name), 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      return text.slice(0, -1).split('\n');
    }),
  );
}

async function namesOf(from: string): Promise<string[]> {
  const names = await readdir(from).catch(() => []);
  return names.filter((name) => name.endsWith('.jsonl') && name !== 'record.jsonl');
}

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await holds())) {
    expect(performance.now(), 'waited too long').toBeLessThan(deadline);
    await sleep(5);
  }
}
