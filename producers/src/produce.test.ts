import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, 'produce.ts');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'produce-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('lists its commands and ends with 2 when called without one', async () => {
  const child = spawn(process.execPath, [program]);
  const { code, stderr } = await collect(child);
  expect(code).toBe(2);
  expect(stderr).toContain('device-events [options]');
  expect(stderr).toContain('The command was called wrongly: no command is given.');
});

describe('produce device-events', () => {
  it('prints the same events for the same seed and says how many', async () => {
    const args = ['--to', 'stdout', '--count', '600', '--rate', 'max', '--seed', 'x'];
    const [first, second] = [await run(args), await run(args)];
    const idsOf = (text: string) => parseLines(text).map((event) => event.eventId);
    expect(idsOf(first.stdout)).toHaveLength(600);
    expect(idsOf(first.stdout)).toEqual(idsOf(second.stdout));
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toMatch(/^produce: 600 sent, 600 acknowledged, 0 failed in .* s \(/);
  });

  it('ends well when the reader of standard output has had enough', async () => {
    const child = start(['--to', 'stdout', '--rate', 'max']);
    const ended = collect(child);
    for await (const line of createInterface({ input: child.stdout })) {
      expect(JSON.parse(line)).toMatchObject({ eventOffset: 10_000 });
      break;
    }
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 0, lines: 1 });
  });

  it('sends what it made and ends with 0 at a signal', async () => {
    const record = join(folder, 'record.jsonl');
    const target = join(folder, 'events');
    const to = ['--to', 'folder', '--folder', target];
    const child = start([...to, '--rate', '500', '--record', record, '--progress']);
    const ended = collect(child);
    await waitForText(child, '"sent"');
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    const [, sent, acknowledged] = /(\d+) sent, (\d+) acknowledged, 0 failed/.exec(stderr) ?? [];
    expect(code).toBe(0);
    expect(Number(sent)).toBeGreaterThan(100);
    expect(acknowledged).toBe(sent);
    const names = await readdir(target);
    const texts = await Promise.all(
      names.sort().map((name) => readFile(join(target, name), 'utf8')),
    );
    expect(parseLines(texts.join(''))).toHaveLength(Number(sent));
    expect(await readFile(record, 'utf8')).toBe(texts.join(''));
  });

  it('goes on behind the last acknowledged event when it is started again, also after a kill', async () => {
    const to = ['--to', 'folder', '--folder', join(folder, 'events'), '--seed', 'x'];
    const state = ['--state', join(folder, 'state.json')];
    await run([...to, ...state, '--rate', 'max', '--count', '700']);
    const killed = start([...to, ...state, '--rate', '1000', '--events-per-file', '100']);
    const ended = collect(killed);
    while (JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')).acked < 1000) {
      await sleep(20);
    }
    killed.kill('SIGKILL');
    await ended;
    await run([...to, ...state, '--rate', 'max', '--count', '500']);
    const names = (await readdir(join(folder, 'events'))).filter((name) => !name.startsWith('.'));
    const texts = await Promise.all(
      names.map((name) => readFile(join(folder, 'events', name), 'utf8')),
    );
    const ids = parseLines(texts.join('')).map((event) => event.eventId);
    const { acked } = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'));
    const whole = await run([
      '--to',
      'stdout',
      '--rate',
      'max',
      '--seed',
      'x',
      '--count',
      String(acked),
    ]);
    const missing = parseLines(whole.stdout).filter((event) => !ids.includes(event.eventId));
    expect(acked).toBeGreaterThan(1500);
    expect(missing).toEqual([]);
  });

  it('prints progress as lines of JSON', async () => {
    const { stderr } = await run(['--to', 'stdout', '--count', '20', '--rate', '15', '--progress']);
    const lines = stderr.trim().split('\n').slice(0, -1);
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['sent', 'acked', 'perSecond'],
      ['sent', 'acked', 'perSecond'],
    ]);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ sent: 20, acked: 20 });
  });

  it.each([
    [['--zzz'], "unknown option '--zzz'"],
    [['--rate', 'fast'], '--rate is "fast". It must be max, events a second'],
    [['--count'], 'argument missing'],
    [['--topic', 'a b'], '--topic is "a b". It must be 1 to 249'],
    [['--to', 'folder'], '--folder is missing.'],
    [['more'], 'too many arguments'],
  ])('starts nothing and ends with 2 when called with %j', async (args, sentence) => {
    const { code, stdout, stderr } = await run(['--servers', 'localhost:1', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names the address and keeps trying until the deadline when no Kafka is there', async () => {
    const server = `127.0.0.1:${await findClosedPort()}`;
    const started = performance.now();
    const { code, stderr } = await run(['--servers', server, '--deadline', '1']);
    expect(performance.now() - started).toBeGreaterThan(1000);
    expect(code).toBe(1);
    expect(stderr).toContain(`No Kafka answers at ${server} yet (`);
    expect(stderr).toContain(`No Kafka answered at ${server} within 1 s (`);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('Warning');
  });

  it('takes the servers from KAFKA_SERVERS', async () => {
    const { code, stderr } = await run(['--count', '1'], { KAFKA_SERVERS: 'nonsense' });
    expect(code).toBe(2);
    expect(stderr).toContain('--servers is "nonsense".');
  });

  it('ends with 1 when the record cannot be written', async () => {
    const record = join(folder, 'none', 'record.jsonl');
    const { code, stderr } = await run(['--to', 'stdout', '--count', '1', '--record', record]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Recording acknowledged events in ${record} failed (ENOENT`);
  });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = start(args, env);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  return collect(child).then((ended) => ({ ...ended, stdout }));
}

function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, 'device-events', ...args], {
    env: { ...process.env, ...env },
  });
}

async function collect(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout: '', stderr };
}

function waitForText(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  return new Promise((resolve) => {
    child.stderr.on('data', (chunk) => {
      if (String(chunk).includes(text)) resolve();
    });
  });
}

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function parseLines(text: string): readonly { readonly eventId: string }[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
