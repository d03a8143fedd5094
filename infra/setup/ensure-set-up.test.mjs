import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixture, startProgram, waitUntil } from './fixtures/programs.mjs';
import { identifyProcess } from './process-identity.mjs';

/** @type {string} */
let root;
/** @type {ReturnType<typeof startProgram>[]} */
let programs = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'set-up-'));
  writeFileSync(join(root, 'manifest'), 'one');
});
afterEach(async () => {
  for (const { child } of programs) child.kill('SIGKILL');
  await Promise.all(programs.map((program) => program.ended));
  programs = [];
  await rm(root, { recursive: true, force: true });
});

test('all steps are done in order once, and nothing is done again', async () => {
  expect(await start().ended).toBe(0);
  expect(await start().ended).toBe(0);
  expect(workDone()).toEqual(['first', 'second', 'third']);
});

test('a changed manifest makes its steps be done again', async () => {
  await start().ended;
  writeFileSync(join(root, 'manifest'), 'two');
  await start().ended;
  expect(workDone()).toEqual(['first', 'second', 'third', 'first', 'second', 'third']);
});

test('a step whose outputs were deleted or changed is done again, the others are not', async () => {
  await start().ended;
  rmSync(join(root, 'second', 'two'));
  await start().ended;
  rmSync(join(root, 'third'), { recursive: true });
  await start().ended;
  expect(workDone().slice(3)).toEqual(['second', 'third']);
});

const points = ['first', 'second', 'third'].flatMap((step) =>
  ['before', 'during', 'after'].map((at) => ({ step, at })),
);
test.each(points)(
  'killed $at the work of $step, it goes on with just that step',
  async ({ step, at }) => {
    await killAt(step, at);
    expect(readdirSync(join(root, '.sluice', 'stamps'))).not.toContain(`${step}.json`);
    expect(await start().ended).toBe(0);
    expect(workDone()).toEqual(
      ['first', 'second', 'third'].flatMap((name) => (name === step ? [name, name] : [name])),
    );
  },
);

test('killed while a step is done anew, the step does not look done by its old stamp', async () => {
  await start().ended;
  writeFileSync(join(root, 'manifest'), 'two');
  await killAt('first', 'during');
  writeFileSync(join(root, 'manifest'), 'one');
  await start().ended;
  expect(workDone().slice(3)).toEqual(['first', 'first']);
});

test('a set-up that is started beside another one waits, then finds everything done', async () => {
  const first = start('second', 'during');
  await waitUntil('the first to be at work', () => first.output.includes('stopped'));
  const second = start();
  const notice = `waiting for another set-up (process ${first.pid})`;
  await waitUntil('the second to wait', () => second.output.includes(notice));
  first.child.kill('SIGKILL');
  expect(await second.ended).toBe(0);
  expect(workDone()).toEqual(['first', 'second', 'second', 'third']);
});

test('ten set-ups at once, after one that died, do each step once between them', async () => {
  mkdirSync(join(root, '.sluice'));
  const { pid, startTime, bootId } = identifyProcess(process.pid) ?? {};
  const dead = { pid, startTime: `${startTime}0`, bootId, since: 'before' };
  writeFileSync(join(root, '.sluice', 'setup.lock'), JSON.stringify(dead));
  const all = Array.from({ length: 10 }, () => start());
  expect(await Promise.all(all.map((program) => program.ended))).toEqual(Array(10).fill(0));
  expect(workDone()).toEqual(['first', 'second', 'third']);
  expect(existsSync(join(root, '.sluice', 'setup.lock'))).toBe(false);
});

test('a machine that is not ready leaves no lock and no stamp', async () => {
  const program = start('checks', 'before');
  await waitUntil('the checks', () => program.output.includes('stopped'));
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(143);
  expect(existsSync(join(root, '.sluice', 'stamps'))).toBe(false);
  expect(await start().ended).toBe(0);
});

/** @param {string[]} stop step and point where it stops for good */
function start(...stop) {
  const program = startProgram(process.execPath, [fixture('fake-set-up.mjs'), root, ...stop]);
  programs.push(program);
  return program;
}

/**
 * @param {string} step
 * @param {string} at
 */
async function killAt(step, at) {
  const program = start(step, at);
  await waitUntil(`${step} ${at}`, () => program.output.includes('stopped'));
  program.child.kill('SIGKILL');
  expect(await program.ended).toBe('SIGKILL');
}

/** @returns {string[]} names of the steps whose work was begun, in order */
function workDone() {
  return readFileSync(join(root, 'work.log'), 'utf8').trim().split('\n');
}
