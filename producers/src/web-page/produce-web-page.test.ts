import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startBucketStandIn } from '../crypto-markets/bucket-stand-in.ts';
import { html, quotesPage, startWebSite, type WebSite } from './web-site.ts';

const program = join(import.meta.dirname, '..', 'produce.ts');
const quotes = [
  { text: 'One.', author: 'Wilde' },
  { text: 'Two.', author: 'Woolf' },
];

let folder: string;
let site: WebSite;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'produce-web-page-'));
  site = await startWebSite({ '/': html(quotesPage(quotes)) });
  file = join(folder, 'quotes.yaml');
  await writeFile(file, describe(''));
});

afterEach(async () => {
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

it('prints the rows as a table in a dry run, and keeps nothing', async () => {
  const { code, stdout, stderr } = await run([file, '--dry-run']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'text  author  likes\nOne.  Wilde    1234\nTwo.  Woolf    1234\n',
  });
  expect(stderr).toBe('produce: 2 rows; nothing is sent.\n');
  expect(await readdir(folder)).toEqual(['quotes.yaml']);
});

it('writes new rows to files of a folder, and none at the next start', async () => {
  const to = ['--to', 'folder', '--folder', join(folder, 'rows'), '--count', '1'];
  const { code, stderr } = await run([file, ...to]);
  expect(code).toBe(0);
  expect(stderr).toContain('2 sent, 2 acknowledged, 0 failed');
  expect((await run([file, ...to])).stderr).toContain('0 sent, 0 acknowledged');
  const [name = '', ...others] = await readdir(join(folder, 'rows'));
  expect(others).toEqual([]);
  const lines = (await readFile(join(folder, 'rows', name), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).author)).toEqual(['Wilde', 'Woolf']);
});

it('writes new rows to an object of a bucket', async () => {
  const bucket = await startBucketStandIn('answer lost');
  const env = {
    AWS_ENDPOINT_URL: bucket.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  const { code } = await run([file, '--to', 's3', '--bucket', 'rows', '--count', '1'], env);
  const [[path = '', body] = []] = [...bucket.objects];
  await bucket.close();
  expect({ code, objects: bucket.objects.size }).toEqual({ code: 0, objects: 1 });
  expect(path).toMatch(/^\/rows\/web\/quotes-[0-9a-f]{8}-000001\.jsonl$/);
  expect(String(body).trimEnd().split('\n')).toHaveLength(2);
});

it('ends with 1 after its turns when a page is not as described, and with 0 at a signal', async () => {
  site.play('/', html('<p>Moved.</p>'));
  const { code, stderr } = await run([file, '--to', 'stdout', '--count', '1']);
  expect(code).toBe(1);
  expect(stderr).toContain('finds nothing');
  expect(stderr).toContain('In 1 of 1 turns a page did not come or was not as described.');
});

it('runs on until a signal, tells its health and metrics, and logs lines of JSON', async () => {
  await writeFile(file, describe('every: 1 second\njitter: 0 seconds\npause: 0 seconds'));
  const args = [file, '--to', 'stdout', '--listen', '0', '--log', 'json'];
  const child = start(args);
  const ended = collect(child);
  const address = await waitForAddress(child);
  while (site.asked.filter((path) => path === '/').length < 2) await sleep(20);
  const health = await fetch(`${address}/health`);
  const metrics = await (await fetch(`${address}/metrics`)).text();
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    producer: 'web-page:quotes',
    status: 'ok',
    acked: 2,
  });
  expect(metrics).toContain(
    'sluice_producer_events_total{result="acked",producer="web-page:quotes"} 2',
  );
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.every(({ at, level, message }) => at > '2' && level === 'info' && message)).toBe(
    true,
  );
  expect(lines.at(-1).message).toContain('2 sent, 2 acknowledged, 0 failed');
});

it.each([
  [['none.yaml'], 'none.yaml cannot be read (ENOENT'],
  [[], "missing required argument 'file'"],
  [['q.yaml', '--to', 's3'], '--bucket is missing.'],
  [['q.yaml', '--to', 'folder'], '--folder is missing.'],
  [['q.yaml', '--to', 'stdout', '--topic', 'a'], '--topic is given with --to stdout'],
])('starts nothing and ends with 2 when called with %j', async (args, sentence) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});

it('lists the mistakes of a description with line and column, and asks for nothing', async () => {
  await writeFile(file, describe('evry: 1 second'));
  const { code, stderr } = await run([file, '--to', 'stdout']);
  expect(code).toBe(2);
  expect(stderr).toContain(`${file}:9:1: evry is no field of the page.`);
  expect(stderr).toContain('Did you mean every?');
  expect(site.asked).toEqual([]);
});

it('does not ask addresses of a private network unless it may', async () => {
  const { code, stderr } = await collect(
    spawn(process.execPath, [program, 'web-page', file, '--dry-run']),
  );
  expect(code).toBe(1);
  expect(stderr).toContain('127.0.0.1 is not a public address');
});

function describe(more: string): string {
  return `page: quotes
url: ${site.url}/
rows: tr.quote
key: text
fields:
  text: .text
  author: { select: .author, required: true }
  likes: { select: .likes, match: '[0-9,]+', type: integer }
${more}
`;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const state = ['--state', join(folder, 'state'), '--allow-private'];
  return spawn(process.execPath, [program, 'web-page', ...args, ...state], {
    env: { ...process.env, ...env },
  });
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return collect(start(args, env));
}

async function collect(child: ReturnType<typeof start>) {
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...texts };
}

function waitForAddress(child: ReturnType<typeof start>): Promise<string> {
  return new Promise((resolve) => {
    child.stderr.on('data', (chunk) => {
      const [address] = /http:\/\/127\.0\.0\.1:\d+(?=")/.exec(String(chunk)) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}
