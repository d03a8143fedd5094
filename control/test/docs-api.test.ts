import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { readBlocks, readCommands, readSpecs } from './docs/read-docs.ts';
import { pathWithCurl, runAsWritten } from './docs/run-as-written.ts';
import { makeFakeRuntime } from './fixtures/fake-runtime.ts';
import { waitUntil } from './fixtures/wait-until.ts';

const usualAddress = 'http://127.0.0.1:8350';
const folder = mkdtempSync(join(tmpdir(), 'sluice-docs-api-'));
let server: RunningServer;

beforeAll(async () => {
  const [ticks] = readSpecs('README.md');
  writeFileSync(join(folder, 'ticks.yaml'), ticks?.text ?? '');
  server = await startServer(
    readConfig({
      PATH: process.env.PATH,
      SLUICE_PORT: '0',
      SLUICE_STATE: join(folder, 'state'),
      SLUICE_WORK_FOLDER: folder,
      SLUICE_RUNTIME: makeFakeRuntime(join(folder, 'fake')).file,
      SLUICE_POLL_SECONDS: '0.05',
    }),
    pino({ level: 'silent' }),
  );
});
afterAll(async () => {
  await fetch(`${server.url}/api/v1/pipelines/ticks/stop`, { method: 'POST' });
  await waitUntil('no driver is left', async () => ['', 'STOPPED'].includes(await state()));
  await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What must have happened before a command makes sense; its reader would look and wait. */
const before: Readonly<Record<string, string>> = {
  '/status': 'RUNNING',
  '/runs': 'STOPPED',
  '-X DELETE': 'STOPPED',
};

it.each(readCommands('docs/api.md'))('answers $command', async ({ command }) => {
  const [, wanted] = Object.entries(before).find(([part]) => command.includes(part)) ?? [];
  if (wanted !== undefined) await waitUntil(wanted, async () => (await state()) === wanted);
  const here = command
    .replace('curl ', 'curl --silent --fail-with-body ')
    .replace(usualAddress, server.url)
    .replace('/RUN/', `/${await newestRun()}/`);
  const environment = { PATH: pathWithCurl() };
  const { code, output } = await runAsWritten(here, { folder, environment });
  expect(code, output).toBe(0);
  if (command.includes('/validate')) expect(JSON.parse(output).error_count).toBe(0);
});

it('refuses as the page shows it', async () => {
  const [shown] = readBlocks('docs/api.md').filter(({ language }) => language === 'json');
  const answer = await fetch(`${server.url}/api/v1/pipelines/tics`);
  expect(await answer.json()).toEqual(JSON.parse(shown?.text ?? ''));
});

async function state(): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/pipelines/ticks/status`);
  if (answer.status === 404) return '';
  const status = (await answer.json()) as { observed: { state: string } };
  return status.observed.state;
}

async function newestRun(): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/pipelines/ticks/runs`);
  if (!answer.ok) return '';
  const page = (await answer.json()) as { items: readonly { id: string }[] };
  return page.items[0]?.id ?? '';
}
