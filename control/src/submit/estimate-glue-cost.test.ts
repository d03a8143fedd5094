import { expect, test } from 'vitest';
import { estimateGlueCost } from './estimate-glue-cost.ts';

const use = {
  version: '6.0',
  workerType: 'G.025X',
  workers: 2,
  triggerMs: 10_000,
  pollMs: 5000,
} as const;

test('the smallest run on Glue 6.0 takes half a DPU for 730 hours, and its requests come to it', () => {
  const { lines, dollars, prices } = estimateGlueCost(use);
  expect(lines[0]).toEqual({
    what: 'AWS Glue 6.0, 2 x G.025X',
    quantity: 365,
    unit: 'DPU-hours',
    dollarsEach: 0.308,
    dollars: 112.42,
  });
  // 262,800 batches of 41 writes at 0.005 dollars a thousand.
  expect(lines[1]).toMatchObject({ quantity: 10_774_800, dollars: 53.87 });
  expect(dollars).toBeCloseTo(
    lines.reduce((sum, line) => sum + line.dollars, 0),
    2,
  );
  expect(prices).toMatchObject({ date: '2026-11-24', region: 'us-east-1' });
});

test('older versions cost more, larger workers by their DPU, and longer triggers fewer requests', () => {
  expect(estimateGlueCost({ ...use, version: '5.1' }).lines[0]?.dollars).toBe(160.6);
  const large = estimateGlueCost({ ...use, workerType: 'G.2X', workers: 10 });
  expect(large.lines[0]?.quantity).toBe(14_600);
  const slow = estimateGlueCost({ ...use, triggerMs: 100_000 });
  expect(slow.lines[1]?.quantity).toBe(1_077_480);
});
