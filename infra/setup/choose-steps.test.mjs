import { expect, test } from 'vitest';
import { chooseSteps } from './choose-steps.mjs';
import { allSteps, awsSteps, nodeSteps } from './ensure-set-up.mjs';

test('without flags everything but the extra parts is looked after', () => {
  expect(chooseSteps(['demo.ts', '--with', 'aws'])).toEqual({
    steps: allSteps,
    rest: ['demo.ts', '--with', 'aws'],
  });
  for (const step of awsSteps) expect(allSteps).not.toContain(step);
});

test('with a part its steps come after the others, and the runtime is described at the end', () => {
  const { steps, rest } = chooseSteps(['--with', 'aws', 'demo.ts', '--live']);
  expect(steps.slice(0, allSteps.length)).toEqual(allSteps);
  expect(steps.slice(allSteps.length).map((step) => step.name)).toEqual([
    ...awsSteps.map((step) => step.name),
    'runtime',
  ]);
  expect(rest).toEqual(['demo.ts', '--live']);
});

test('a program that needs only Node gets only node modules', () => {
  expect(chooseSteps(['--node-only', 'x.ts'])).toEqual({ steps: nodeSteps, rest: ['x.ts'] });
});

test.each([[['--with', 'azure']], [['--with', 'toString']], [['--with']]])(
  '%j is refused with the parts that there are',
  (args) => {
    expect(() => chooseSteps(args)).toThrow('is no part of set-up. The parts are: aws, matrix.');
  },
);
