import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startBucketStandIn } from './bucket-stand-in.ts';
import {
  answer,
  coins,
  type MarketsStandIn,
  type Play,
  startMarketsStandIn,
} from './markets-stand-in.ts';

const program = join(import.meta.dirname, '..', 'produce.ts');
const KEY = 'CG-canary-c0ffee42';

let folder: string;
let server: MarketsStandIn | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'produce-crypto-'));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const good = answer(200, coins(100));

it('puts snapshots into files named by their UTC second, in a folder called finance', async () => {
  await play(good);
  const { code, stdout, stderr } = await run(['--interval', '4', '--count', '2']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const names = await readdir(join(folder, 'data', 'finance'));
  expect(names).toHaveLength(2);
  for (const name of names) {
    expect(name).toMatch(/^crypto_20\d{12}\.json$/);
    const text = await readFile(join(folder, 'data', 'finance', name), 'utf8');
    expect(JSON.parse(text).results).toHaveLength(100);
    expect(stderr).toContain(`produce: ${name} holds 100 coins.`);
  }
  expect(stderr).toMatch(/produce: 2 sent, 2 acknowledged, 0 failed in /);
});

it('prints a snapshot as one line on standard output, and progress as lines of JSON', async () => {
  await play(good);
  const { code, stdout, stderr } = await run(['--to', 'stdout', '--count', '1', '--progress']);
  expect(code).toBe(0);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(JSON.parse(stdout).results).toHaveLength(100);
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ sent: 1, acked: 1 });
});

it('asks for nothing when it is started again before the next snapshot is due', async () => {
  await play(good);
  const args = ['--state', join(folder, 'turn.json'), '--interval', '300', '--listen', '0'];
  for (const snapshots of [1, 0]) {
    const child = start(args);
    const ended = collect(child);
    const told = snapshots === 1 ? 'holds 100 coins' : 'health and metrics';
    child.stderr.on('data', (chunk) => {
      if (String(chunk).includes(told)) child.kill('SIGTERM');
    });
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`${snapshots} sent, ${snapshots} acknowledged, 0 failed`);
  }
  expect(server?.asked).toHaveLength(1);
});

it('puts snapshots into a bucket found by the settings of AWS', async () => {
  await play(good);
  const bucket = await startBucketStandIn('answer lost');
  const environment = {
    AWS_ENDPOINT_URL: bucket.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const to = ['--to', 's3', '--bucket', 'prices', '--count', '1'];
  const { code, stderr } = await run(to, environment);
  const [[path, body] = []] = [...bucket.objects];
  await bucket.close();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(path).toMatch(/^\/prices\/finance\/crypto_\d{14}\.json$/);
  expect(JSON.parse(String(body)).results).toHaveLength(100);
});

it('ends with 1 when a snapshot of the wanted number is missing, and says why', async () => {
  await play(
    answer(401, '{"status":{"error_code":10002,"error_message":"API Key Missing"}}'),
    good,
  );
  const { code, stderr } = await run(['--interval', '4', '--count', '2']);
  expect(code).toBe(1);
  expect(stderr).toContain('refused the request for markets (401: API Key Missing).');
  expect(stderr).toContain('1 of 2 snapshots could not be taken.');
  expect(await readdir(join(folder, 'data', 'finance'))).toHaveLength(1);
});

it('ends with 0 at a signal between two snapshots', async () => {
  await play(good);
  const child = start([]);
  child.stderr.on('data', (chunk) => {
    if (String(chunk).includes('holds 100 coins')) child.kill('SIGTERM');
  });
  expect(await collect(child)).toMatchObject({ code: 0 });
  expect(await readdir(join(folder, 'data', 'finance'))).toHaveLength(1);
});

it('ends with 0 at a signal while the API keeps it waiting', async () => {
  const asked = Promise.withResolvers<void>();
  await play(() => asked.resolve());
  const child = start([]);
  const ended = collect(child);
  await asked.promise;
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stdout: '' });
});

it.each<[string, Play]>([
  ['is refused', answer(401, `{"error":"${KEY} is no key"}`)],
  ['is taken', good],
])('says the key nowhere when it %s', async (_title, how) => {
  await play(how);
  const { stdout, stderr } = await run(['--to', 'stdout', '--count', '1', '--progress'], {
    COINGECKO_DEMO_KEY: KEY,
  });
  expect(server?.lastHeaders()['x-cg-demo-api-key']).toBe(KEY);
  expect(stdout + stderr).not.toContain('canary');
});

it('asks no private address without leave', async () => {
  await play(good);
  const address = server?.url.href.replace('http:', 'https:') ?? '';
  const child = spawn(
    process.execPath,
    [program, 'crypto-markets', '--base-url', address, '--interval', '1', '--count', '1'],
    { cwd: folder },
  );
  const { code, stderr } = await collect(child);
  expect(code).toBe(1);
  expect(stderr).toContain('is not a public address');
  expect(server?.asked).toEqual([]);
});

async function play(...plays: readonly Play[]): Promise<void> {
  server = await startMarketsStandIn(...plays);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return collect(start(args, environment));
}

function start(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, 'crypto-markets', '--allow-private', ...args], {
    cwd: folder,
    env: { ...process.env, COINGECKO_URL: server?.url.href, ...environment },
  });
}

async function collect(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
