import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
const reporter = join(import.meta.dirname, 'closing-line-reporter.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'closing-line-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the closing line', () => {
  it('counts the passed tests of a good run', async () => {
    expect(await lastLineOf({ 'a.test.js': passing, 'b.test.js': passing })).toBe(
      '2 passed, 0 failed',
    );
  });

  it('counts failed and skipped tests', async () => {
    const text = `${passing} it('fails', () => expect(1).toBe(2)); it.skip('waits', () => {}); it.todo('comes');`;
    expect(await lastLineOf({ 'a.test.js': text })).toBe('1 passed, 1 failed, 2 skipped');
  });

  it('counts a file that does not load as failed', async () => {
    const files = { 'a.test.js': passing, 'b.test.js': `import './absent.js'; ${passing}` };
    expect(await lastLineOf(files)).toBe('1 passed, 1 failed');
  });

  it('counts a suite whose hook throws as failed', async () => {
    const text = `describe('s', () => { beforeAll(() => { throw new Error('no'); }); ${passing} });`;
    expect(await lastLineOf({ 'a.test.js': text })).toBe('0 passed, 1 failed, 1 skipped');
  });

  it('counts an error that nobody caught as failed', async () => {
    const text = `it('leaves', async () => { setTimeout(() => { throw new Error('late'); }, 1); await new Promise((r) => setTimeout(r, 50)); });`;
    expect(await lastLineOf({ 'a.test.js': text })).toBe('1 passed, 1 failed');
  });

  it('counts a run as failed when its set-up or its tear-down throws', async () => {
    const tearDown = `export default () => () => { throw new Error('no'); };`;
    const files = { 'a.test.js': passing, 'global.js': tearDown };
    expect(await lastLineOf(files, 'global.js')).toBe('1 passed, 1 failed');
    const setUp = `export default () => { throw new Error('no'); };`;
    expect(await lastLineOf({ 'a.test.js': passing, 'global.js': setUp }, 'global.js')).toBe(
      '0 passed, 1 failed',
    );
  });

  it('counts a run without any test as failed', async () => {
    expect(await lastLineOf({})).toBe('0 passed, 1 failed');
  });
});

const passing = `it('passes', () => {});`;

async function lastLineOf(
  files: Readonly<Record<string, string>>,
  globalSetup?: string,
): Promise<string | undefined> {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  const settings = { globals: true, reporters: ['default', reporter], globalSetup };
  writeFileSync(
    join(folder, 'vitest.config.js'),
    `export default { test: ${JSON.stringify(settings)} }`,
  );
  const run = await execa(process.execPath, [vitest, 'run', '--root', folder], {
    reject: false,
    env: { NO_COLOR: '1' },
  });
  // What vitest prints of errors goes another way, and may come in between.
  return run.stdout.split('\n').at(-1);
}
