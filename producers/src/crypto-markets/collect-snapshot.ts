import { backOff } from '../back-off.ts';
import { type Clock, systemClock } from '../pace.ts';
import { ProducerError } from '../producer-errors.ts';
import { askForPage, type PageAnswer } from './ask-for-page.ts';
import type { MarketsSource } from './markets-source.ts';

/** All pages of the markets at one time. */
export interface Snapshot {
  /** When collecting it began. */
  readonly at: Date;
  readonly coins: number;
  /** `{"results":[...]}` on one line, each coin as the API wrote it. */
  readonly body: string;
}

export type Collected =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** `waitMs`: how long the API asks to be left alone, 0 when it does not ask. */
  | { readonly kind: 'failed'; readonly failure: ProducerError; readonly waitMs: number }
  | { readonly kind: 'stopped' };

export interface CollectSettings {
  readonly source: MarketsSource;
  /** The time that the snapshot bears. */
  readonly at: Date;
  /** Milliseconds after which no further try is begun and none goes on. */
  readonly timeMs: number;
  readonly stop: AbortSignal;
  /** Told in a sentence what is tried again. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds since 1970, to read dates of the API by. */
  readonly wallClock?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * Asks for all pages in their order, each until it comes, is refused or the time is up, and makes one snapshot of them.
 * A page without coins is the last. Knows nothing of schedules and destinations; what the API does never makes it throw.
 */
export async function collectSnapshot(settings: CollectSettings): Promise<Collected> {
  const clock = settings.clock ?? systemClock;
  const collecting = { ...settings, clock, end: clock.now() + settings.timeMs };
  const lists: string[] = [];
  let coins = 0;
  for (let page = 1; page <= settings.source.pages; page += 1) {
    const answer = await collectPage(collecting, page);
    if (answer.kind !== 'coins') {
      return answer;
    }
    if (answer.coins === 0) {
      break;
    }
    coins += answer.coins;
    lists.push(answer.list);
  }
  const body = `{"results":[${lists.join(',')}]}`;
  return { kind: 'snapshot', snapshot: { at: settings.at, coins, body } };
}

type Collecting = CollectSettings & { readonly clock: Clock; readonly end: number };
type PageOfCoins = Extract<PageAnswer, { kind: 'coins' }>;
type NoPage = Exclude<Collected, { kind: 'snapshot' }>;

async function collectPage(collecting: Collecting, page: number): Promise<PageOfCoins | NoPage> {
  const { clock, end, stop, random = Math.random, onNotice } = collecting;
  const { host } = collecting.source.baseUrl;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await tryPage(collecting, page);
    if (answer.kind === 'coins' || answer.kind === 'stopped') {
      return answer;
    }
    const { kind, problem } = answer;
    if (kind !== 'again') {
      return {
        kind: 'failed',
        failure: new ProducerError(FINAL[kind], { host, problem }),
        waitMs: 0,
      };
    }
    // A server that says 0 again and again must not be asked again and again.
    const waitMs = Math.max(answer.waitMs ?? 0, backOff(attempt, random));
    if (clock.now() + waitMs >= end) {
      return giveUp(collecting, { ...answer, attempt });
    }
    onNotice?.(`${host} gave no page ${page} (${problem}); next try in ${waitMs / 1000} s.`);
    await clock.sleep(waitMs, stop);
  }
}

const FINAL = {
  refused: 'MARKETS_REFUSED',
  broken: 'MARKETS_BROKEN',
  private: 'ADDRESS_REFUSED',
} as const;

function tryPage(collecting: Collecting, page: number): Promise<PageAnswer> {
  const { source, clock, end, stop, wallClock = Date.now } = collecting;
  const timeMs = Math.max(Math.min(source.limits.totalMs, Math.floor(end - clock.now())), 1);
  return askForPage(source, page, { timeMs, stop, wallClock });
}

function giveUp(
  collecting: Collecting,
  last: { readonly attempt: number; readonly problem: string; readonly waitMs: number | undefined },
): NoPage {
  const { source, timeMs } = collecting;
  const failure = new ProducerError('MARKETS_AWAY', {
    host: source.baseUrl.host,
    seconds: timeMs / 1000,
    attempts: last.attempt,
    problem: last.problem,
  });
  return { kind: 'failed', failure, waitMs: last.waitMs ?? 0 };
}
