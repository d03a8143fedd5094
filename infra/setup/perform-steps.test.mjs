import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { performSteps, stateOf } from './perform-steps.mjs';
import { SetupError } from './setup-errors.mjs';

/** @type {import('./perform-steps.mjs').SetupContext} */
let context;
/** @type {string[]} */
let said;

beforeEach(async () => {
  said = [];
  const root = await mkdtemp(join(tmpdir(), 'steps-'));
  context = { root, folder: join(root, '.sluice'), env: {}, say: (line) => said.push(line) };
});
afterEach(() => rm(context.root, { recursive: true, force: true }));

test('a step that fails stops set-up and leaves no stamp', async () => {
  const failing = step('failing', { fails: true });
  const after = step('after');
  await expect(performSteps([failing, after], context)).rejects.toThrow('no space');
  expect(stateOf(failing, context)).toBe('missing');
  expect(stateOf(after, context)).toBe('missing');
});

test('an optional step that fails is told, kept as failed, and the rest goes on', async () => {
  const failing = step('failing', { fails: true, optional: true });
  const after = step('after');
  await performSteps([failing, after], context);
  expect(said.join('\n')).toContain('failing: failed, going on without. ');
  expect(stateOf(failing, context)).toBe('failed');
  expect(stateOf(after, context)).toBe('done');
});

test('an optional step that failed is tried again only when asked, or when its inputs change', async () => {
  await performSteps([step('failing', { fails: true, optional: true })], context);
  const mended = step('failing', { optional: true });
  expect(await performSteps([mended], context)).toEqual([]);
  expect(await performSteps([mended], context, { retryFailed: true })).toEqual(['failing']);
  const changed = step('failing', { optional: true, input: 'another Java' });
  expect(await performSteps([changed], context)).toEqual(['failing']);
});

test('work that somebody else has done is stamped without doing it', async () => {
  const whole = step('whole', { fails: true, isWhole: true });
  await performSteps([whole], context);
  expect(stateOf(whole, context)).toBe('done');
});

/**
 * @param {string} name
 * @param {{ fails?: boolean, optional?: boolean, isWhole?: boolean, input?: string }} [options]
 * @returns {import('./perform-steps.mjs').Step}
 */
function step(name, { fails = false, optional = false, isWhole = false, input = '' } = {}) {
  return {
    name,
    title: name,
    optional,
    inputs: () => ({ input }),
    outputs: () => ({ there: 'yes' }),
    isWhole: () => isWhole,
    perform: async () => {
      if (fails)
        throw new SetupError('DISK_FULL', { folder: '/', free: 'no space', needed: 'More' });
    },
  };
}
