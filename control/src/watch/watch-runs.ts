import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '../errors/sluice-error.ts';
import type { RunRecord } from '../store/run-store.ts';
import type { JobSigns } from './job-signs.ts';
import { limitsOfRun } from './limits-of-run.ts';
import { lookAtRun } from './look-at-run.ts';
import { requestStop } from './request-stop.ts';
import { restartRun } from './restart-runs.ts';
import type { WatchTools } from './watch-tools.ts';

export interface Watcher {
  /** Looks again at once instead of after the poll time. */
  hurry(): void;
  /** When the driver of a run was last seen by this process. */
  seenAt(runId: string): Date | undefined;
  /** Throws WATCHER_STUCK when it has not looked lately. */
  check(): void;
  /** Asks all drivers to stop, and resolves when they have ended; the next service starts them again. */
  pause(): Promise<void>;
  /** Ends after the round in progress. Drivers go on. */
  close(): Promise<void>;
}

/**
 * Looks at every run that has not ended, again and again. There is no separate adoption: a run that an earlier
 * service started is a record like any other, and an intent without a handle is found or launched.
 */
export function watchRuns(tools: WatchTools): Watcher {
  const watch = new Watch(tools);
  const done = watch.loop();
  return {
    hurry: () => watch.hurry(),
    seenAt: (runId) => watch.seen.get(runId),
    check: () => watch.check(),
    pause: () => watch.pause(),
    close: async () => {
      watch.end();
      await done;
    },
  };
}

class Watch {
  readonly seen = new Map<string, Date>();
  #lastRound = performance.now();
  readonly #tools: WatchTools;
  readonly #looks = new Map<string, Promise<void>>();
  readonly #silences = new Map<string, SilenceClock>();
  /** When a look at a run is due, by the monotonic clock; absent: now. */
  readonly #due = new Map<string, number>();
  #ending = false;
  #pausing = false;
  #wake = new AbortController();

  constructor(tools: WatchTools) {
    this.#tools = tools;
  }

  async loop(): Promise<void> {
    while (!this.#ending) {
      this.#wake = new AbortController();
      this.#round();
      await pause(this.#tools.limits.pollMs, undefined, { signal: this.#wake.signal }).catch(
        () => undefined,
      );
    }
    await Promise.all(this.#looks.values());
  }

  hurry(): void {
    this.#due.clear();
    this.#wake.abort();
  }

  check(): void {
    const seconds = Math.round((performance.now() - this.#lastRound) / 1000);
    if (seconds * 1000 > 5000 + 4 * this.#tools.limits.pollMs) {
      throw new SluiceError('WATCHER_STUCK', { seconds });
    }
  }

  end(): void {
    this.#ending = true;
    this.hurry();
  }

  /** Starts a look at each run and waits for none, so that one which hangs keeps no other from being seen. */
  #round(): void {
    try {
      const live = this.#tools.store.liveRuns();
      this.#forgetEnded(live);
      if (!this.#pausing) this.#restartDue();
      for (const run of live) {
        // No driver is started any more, and none that runs is forgotten.
        if (this.#pausing && run.handle === undefined) continue;
        if (!this.#looks.has(run.id) && this.#isDue(run)) this.#looks.set(run.id, this.#look(run));
      }
      this.#lastRound = performance.now();
    } catch (error) {
      this.#tools.report('error', 'the runs could not be read', { error: String(error) });
    }
  }

  /** One at a time for each pipeline, among the looks so that an end waits for it. */
  #restartDue(): void {
    for (const run of this.#tools.store.runsToRestart()) {
      if (this.#looks.has(run.id)) continue;
      const restart = restartRun(run, this.#tools).catch((error: unknown) => {
        const detail = { run: run.id, error: String(error) };
        this.#tools.report('error', 'a restart could not be recorded', detail);
      });
      this.#looks.set(
        run.id,
        restart.finally(() => this.#looks.delete(run.id)),
      );
    }
  }

  async pause(): Promise<void> {
    this.#pausing = true;
    await Promise.all(this.#looks.values());
    for (const run of this.#driven()) await requestStop(run, this.#tools, { toResume: true });
    this.hurry();
    while (this.#driven().length > 0) await pause(this.#tools.limits.pollMs);
  }

  /** Runs with a driver beside this service; one at AWS Glue is none of them. */
  #driven(): readonly RunRecord[] {
    return this.#tools.store
      .liveRuns()
      .filter(({ handle }) => handle !== undefined && handle.target !== 'glue');
  }

  /** Most are looked at in each round, those that report in a bucket less often. */
  #isDue(run: RunRecord): boolean {
    const { pollMs } = this.#tools.limits;
    const own = limitsOfRun(run, this.#tools.limits).pollMs;
    const now = performance.now();
    const isNew = run.handle === undefined && run.state !== 'UNKNOWN';
    if (own <= pollMs || isNew) return true;
    if (now < (this.#due.get(run.id) ?? 0)) return false;
    this.#due.set(run.id, now + own);
    return true;
  }

  async #look(run: RunRecord): Promise<void> {
    try {
      const clock = this.#silences.get(run.id) ?? new SilenceClock();
      this.#silences.set(run.id, clock);
      const seen = await lookAtRun(run, (signs) => clock.silentForMs(signs), this.#tools);
      if (seen) this.seen.set(run.id, this.#tools.now());
    } catch (error) {
      const detail = { run: run.id, error: String(error) };
      this.#tools.report('error', 'a run could not be looked at', detail);
    } finally {
      this.#looks.delete(run.id);
    }
  }

  #forgetEnded(live: readonly RunRecord[]): void {
    const ids = new Set(live.map((run) => run.id));
    for (const id of this.#silences.keys()) {
      if (!ids.has(id)) {
        this.#silences.delete(id);
        this.#due.delete(id);
        this.seen.delete(id);
      }
    }
  }
}

/**
 * Measures by this process's monotonic clock since when a sign has not changed, so that a wall clock that jumps
 * makes no run look dead. Only the first look has to trust the time the job wrote.
 */
class SilenceClock {
  #sign: string | undefined;
  #changedAt = 0;

  silentForMs({ alive, progress }: JobSigns): number | undefined {
    const sign = [alive?.at, progress?.at].join('|');
    if (sign === '|') return undefined;
    if (this.#sign === undefined)
      this.#changedAt = performance.now() - ageOf([alive?.at, progress?.at]);
    else if (sign !== this.#sign) this.#changedAt = performance.now();
    this.#sign = sign;
    return performance.now() - this.#changedAt;
  }
}

function ageOf(times: readonly (string | undefined)[]): number {
  const newest = Math.max(...times.map((time) => Date.parse(time ?? '')).filter(Number.isFinite));
  return Math.max(0, Date.now() - newest);
}
