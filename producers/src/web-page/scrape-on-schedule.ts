import { ProducerError } from '../producer-errors.ts';
import { type ScrapeTally, type Scraping, scrapeTurn } from './scrape-turn.ts';

/** A timer takes at most 2^31 ms. */
const LONGEST_SLEEP_MS = 60_000;

/** Scraping that is under way. */
export interface RunningScraping {
  readonly counts: () => Readonly<ScrapeTally>;
  /**
   * Resolves when stopped or when all turns are done. Rejects with the first error of the destination or the memory,
   * or with PAGES_MISSED when all turns are done and some were not good.
   */
  readonly done: Promise<void>;
}

/** Takes so many turns, or turns without end, one each interval and a random part of the jitter later. */
export function startScraping(scraping: Scraping, count: number | undefined): RunningScraping {
  const done = runTurns(scraping, count);
  return Object.freeze({ counts: () => ({ ...scraping.tally }), done });
}

async function runTurns(scraping: Scraping, count = Number.POSITIVE_INFINITY): Promise<void> {
  const { spec, clock, stop, random } = scraping;
  let due = clock.now() + (count === Number.POSITIVE_INFINITY ? waitAfterRestart(scraping) : 0);
  let bad = 0;
  for (let turn = 0; turn < count; turn += 1) {
    await sleepUntil(due, scraping);
    if (stop.aborted) {
      return;
    }
    const started = clock.now();
    const { good, waitMs } = await scrapeTurn(scraping);
    bad += good || stop.aborted ? 0 : 1;
    due = Math.max(started + spec.everyMs + random() * spec.jitterMs, clock.now() + waitMs);
  }
  if (bad > 0 && !stop.aborted) {
    throw new ProducerError('PAGES_MISSED', { bad, count });
  }
}

/** A service that is started again and again must not ask a site more often for it. */
function waitAfterRestart({ memory, spec, wallClock }: Scraping): number {
  const left = memory.lastTurn + spec.everyMs - wallClock();
  return Math.min(Math.max(left, 0), spec.everyMs);
}

/** A timer may ring a little early, and a stop ends every sleep. */
async function sleepUntil(due: number, { clock, stop }: Scraping): Promise<void> {
  while (!stop.aborted && clock.now() < due) {
    await clock.sleep(Math.min(Math.ceil(due - clock.now()), LONGEST_SLEEP_MS), stop);
  }
}
