import { expect, it } from 'vitest';
import { listStale, printGenerated } from './print-generated.ts';

it('finds the committed jobs, kinds page and schema as specs and kinds say', () => {
  expect(listStale(printGenerated())).toEqual([]);
});

it('notices a file that would be printed otherwise, and one that nothing prints any more', () => {
  const files = new Map(printGenerated());
  files.set('docs/kinds.md', 'other');
  files.delete('spark-jobs/generated/device_events.py');
  expect(listStale(files)).toEqual(['docs/kinds.md', 'spark-jobs/generated/device_events.py']);
});
