import { expect, it } from 'vitest';
import { leaseDefinitions } from '../generate/job-lease.ts';
import { identifyProcess, thisMachine } from '../process-identity.ts';
import { findHolder } from './find-holder.ts';
import { bucketPace, diskPace, type LeaseFiles, type LeasePace } from './lease-files.ts';

const here = { pid: process.pid, started: identifyProcess(process.pid)?.startTime ?? null };
const owner = {
  pipeline: 'p',
  run: 'r',
  host: 'h',
  machine: null,
  since: '2026',
  clock: 0,
  ...here,
};

/** A holder that beats every so many seconds, on a clock that only moves when somebody waits. */
class BeatingHolder {
  #now = 0;
  readonly clock = {
    now: () => this.#now,
    wait: async (ms: number) => {
      this.#now += ms;
    },
  };

  files(pace: LeasePace, machine: string, beatMs: number): LeaseFiles {
    const beat = () => ({ beat: Math.floor(this.#now / beatMs), clock: 0 });
    return {
      pace,
      list: async () => ['epoch-1', 'beat-1'],
      read: async (name) => (name === 'epoch-1' ? { ...owner, machine } : beat()),
    };
  }
}

it.each([
  ['disk', diskPace, 2500],
  ['bucket', bucketPace, 7000],
] as const)(
  'sees a holder on another machine that beats late, on a %s',
  async (_, pace, beatMs) => {
    const holder = new BeatingHolder();
    const files = holder.files(pace, 'elsewhere', beatMs);
    expect(await findHolder(files, holder.clock)).toMatchObject({ run: 'r' });
  },
);

it.each([
  ['disk', diskPace],
  ['bucket', bucketPace],
] as const)('leaves a silent holder on another machine to the driver, on a %s', async (_, pace) => {
  const holder = new BeatingHolder();
  const files = holder.files(pace, 'elsewhere', 1_000_000);
  expect(await findHolder(files, holder.clock)).toBeUndefined();
});

it.each([
  ['disk', diskPace, 9, 'r'],
  ['disk', diskPace, 11, undefined],
  ['bucket', bucketPace, 29, 'r'],
  ['bucket', bucketPace, 31, undefined],
] as const)('on a %s, a living holder of this machine silent for %3$i s: %4$s', async (...row) => {
  const [, pace, seconds, run] = row;
  const holder = new BeatingHolder();
  await holder.clock.wait(seconds * 1000);
  const files = holder.files(pace, thisMachine() ?? '', 1_000_000);
  expect((await findHolder(files, holder.clock))?.run).toBe(run);
});

it('takes the terms that the generated job keeps', () => {
  const code = leaseDefinitions().join('\n');
  const terms = Array.from(code.matchAll(/^ {4}TERM = (\d+)/gm), ([, term]) => Number(term) * 1000);
  expect(terms).toEqual([diskPace.termMs, bucketPace.termMs]);
});
