import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixture, startProgram, waitUntil } from './fixtures/programs.mjs';

test('a program runs on Node 24 or newer with its arguments, and its exit code is passed on', async () => {
  const program = run(['a b', '--node-only']);
  expect(await program.ended).toBe(8);
  const { args, node } = JSON.parse(program.output);
  expect(args).toEqual(['a b', '--node-only']);
  expect(Number(node.split('.')[0])).toBeGreaterThanOrEqual(24);
});

test.each(/** @type {const} */ (['SIGINT', 'SIGTERM']))(
  '%s reaches the program once',
  async (signal) => {
    const program = run(['wait']);
    await waitUntil('the program', () => program.output.includes('args'));
    program.child.kill(signal);
    expect(await program.ended).toBe(7);
    expect(program.output).toContain(`${signal} 1`);
  },
);

test('without a file it says how it is used', async () => {
  const program = startProgram(process.execPath, [join(import.meta.dirname, 'run.mjs')]);
  expect(await program.ended).toBe(2);
  expect(program.errors).toContain('usage:');
});

/** @param {readonly string[]} args */
function run(args) {
  const file = fixture('print-signals.mjs');
  return startProgram(process.execPath, [
    join(import.meta.dirname, 'run.mjs'),
    '--node-only',
    file,
    ...args,
  ]);
}
