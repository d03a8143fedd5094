import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { identifyProcess, thisMachine } from '../process-identity.ts';
import type { LeaseFiles } from './lease-files.ts';

const ownerSchema = Type.Object({
  pipeline: Type.String(),
  run: Type.Union([Type.String(), Type.Null()]),
  host: Type.String(),
  pid: Type.Integer(),
  started: Type.Union([Type.String(), Type.Null()]),
  machine: Type.Union([Type.String(), Type.Null()]),
  since: Type.String(),
  clock: Type.Number(),
});

/** Who owns a lease, as the generated job writes it into epoch-N. `clock` is in s since boot. */
export type LeaseOwner = Readonly<Type.Static<typeof ownerSchema>>;

export interface LeaseClock {
  /** Milliseconds since boot, the clock that all processes of a machine share. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

const systemClock: LeaseClock = {
  now: () => Number(process.hrtime.bigint() / 1_000_000n),
  wait: (ms) => pause(ms),
};

/**
 * The owner of a lease who shows life now. Undefined when there is none, or when it cannot be told quickly: then
 * the driver decides, which waits for the whole term.
 */
export async function findHolder(
  files: LeaseFiles,
  clock: LeaseClock = systemClock,
): Promise<LeaseOwner | undefined> {
  const epoch = newestEpoch(await files.list());
  const owner = await files.read(`epoch-${epoch}`);
  const beat = await files.read(`beat-${epoch}`);
  if (!Value.Check(ownerSchema, owner) || beat?.released === true) return undefined;
  const machine = thisMachine();
  if (machine === undefined || owner.machine !== machine) {
    return (await beats(files, { epoch, beat, clock })) ? owner : undefined;
  }
  if (identifyProcess(owner.pid)?.startTime !== owner.started) return undefined;
  const last = typeof beat?.clock === 'number' ? beat.clock : owner.clock;
  return clock.now() - last * 1000 < files.pace.termMs ? owner : undefined;
}

/** Names an owner for people, as the job does. */
export function describeOwner({ run, pipeline, pid, host }: LeaseOwner): string {
  return `${run ?? 'a run without a name'} of ${pipeline}, process ${pid} on ${host}`;
}

/** The number of the newest epoch; 0 when there is none. */
function newestEpoch(names: readonly string[]): number {
  const numbers = names.map((name) => /^epoch-([1-9]\d{0,14})$/.exec(name)?.[1] ?? 0);
  return Math.max(0, ...numbers.map(Number));
}

interface Watched {
  readonly epoch: number;
  readonly beat: unknown;
  readonly clock: LeaseClock;
}

/** Whether an owner elsewhere is seen to change its beat. */
async function beats(files: LeaseFiles, { epoch, beat, clock }: Watched): Promise<boolean> {
  const before = JSON.stringify(beat);
  const end = clock.now() + files.pace.patienceMs;
  while (clock.now() < end) {
    await clock.wait(files.pace.lookMs);
    const now = await files.read(`beat-${epoch}`);
    if (JSON.stringify(now) !== before) return now?.released !== true;
  }
  return false;
}
