import { backOff } from '../back-off.ts';
import type { EventSender, OutgoingEvent } from '../event-sender.ts';
import type { Clock } from '../pace.ts';
import type { EventCounts } from '../produce-events.ts';
import { decodePage } from './decode-page.ts';
import { type Fetched, oneLine, type PageFetcher } from './page-fetcher.ts';
import type { PageMemory, Validators } from './page-memory.ts';
import type { PageSpec } from './page-spec.ts';
import { type PageRow, type PageRows, readRows } from './read-rows.ts';
import type { SavedPages } from './saved-pages.ts';

const MOST_TRIES = 5;

export type ScrapeTally = { -readonly [Name in keyof EventCounts]: EventCounts[Name] } & {
  /** Pages that came, were as before, or did not come or were not as described. */
  pages: number;
  unchanged: number;
  broken: number;
  /** Rows that were not sent because a field was not as described. */
  refusedRows: number;
};

export function createTally(): ScrapeTally {
  return { sent: 0, acked: 0, failed: 0, pages: 0, unchanged: 0, broken: 0, refusedRows: 0 };
}

export interface Scraping {
  readonly spec: PageSpec;
  readonly fetcher: Pick<PageFetcher, 'fetch'>;
  readonly memory: PageMemory;
  readonly saved: Pick<SavedPages, 'save'>;
  readonly sender: EventSender;
  readonly tally: ScrapeTally;
  readonly stop: AbortSignal;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly random: () => number;
  /** Told in a sentence what went wrong, and what is sent. */
  readonly onNotice: (sentence: string) => void;
}

export interface TurnOutcome {
  /** Whether every page came and was as described. */
  readonly good: boolean;
  /** For how long, in milliseconds, a server wants to be left alone. */
  readonly waitMs: number;
}

/** Reads all pages once and sends the rows that are new. Rejects only when the sender or the memory fails. */
export async function scrapeTurn(scraping: Scraping): Promise<TurnOutcome> {
  const { spec, memory, wallClock } = scraping;
  memory.lastTurn = wallClock();
  const turn = { endsAt: scraping.clock.now() + spec.everyMs * 0.9, waitMs: 0, good: true };
  try {
    await visitAll(scraping, turn);
  } catch (caught) {
    // What was acknowledged before is not sent again; the first failure is the one to tell.
    await memory.save().catch(() => undefined);
    throw caught;
  }
  await memory.save();
  return { good: turn.good, waitMs: turn.waitMs };
}

async function visitAll(scraping: Scraping, turn: Turn): Promise<void> {
  const { spec, stop } = scraping;
  for (const url of spec.urls) {
    const seen = new Set<string>();
    let next: URL | undefined = url;
    for (let left = spec.next?.pages ?? 1; next !== undefined && left > 0; left -= 1) {
      if (stop.aborted || seen.has(next.href)) {
        break;
      }
      seen.add(next.href);
      next = await visit(scraping, next, turn);
    }
  }
}

interface Turn {
  readonly endsAt: number;
  waitMs: number;
  good: boolean;
}

/** Returns where the next page is. */
async function visit(scraping: Scraping, url: URL, turn: Turn): Promise<URL | undefined> {
  const { memory, tally } = scraping;
  const known = memory.validatorsOf(url);
  const fetched = await fetchWithRetries(scraping, url, turn);
  switch (fetched.kind) {
    case 'page':
      return await takePage(scraping, { ...fetched, asked: url }, turn);
    case 'unchanged':
      tally.unchanged += 1;
      return known?.next === undefined ? undefined : new URL(known.next);
    case 'stopped':
      return undefined;
    case 'again':
      turn.waitMs = Math.max(turn.waitMs, fetched.waitMs ?? 0);
  }
  complain(scraping, turn, `${url.href} gave no page (${oneLine(fetched.problem)}).`);
  return undefined;
}

async function fetchWithRetries(scraping: Scraping, url: URL, turn: Turn): Promise<Fetched> {
  const { fetcher, memory, clock, stop, random, onNotice } = scraping;
  for (let attempt = 1; ; attempt += 1) {
    const fetched = await fetcher.fetch(url, memory.validatorsOf(url));
    if (fetched.kind !== 'again' || attempt === MOST_TRIES) {
      return fetched;
    }
    // A server that says 0 again and again must not be asked again and again.
    const waitMs = Math.max(fetched.waitMs ?? 0, backOff(attempt, random));
    if (clock.now() + waitMs >= turn.endsAt) {
      return fetched;
    }
    onNotice(
      `${url.href} gave no page (${oneLine(fetched.problem)}); next try in ${waitMs / 1000} s.`,
    );
    await clock.sleep(waitMs, stop);
    if (stop.aborted) {
      return { kind: 'stopped' };
    }
  }
}

type Page = Extract<Fetched, { kind: 'page' }> & { readonly asked: URL };

async function takePage(scraping: Scraping, page: Page, turn: Turn): Promise<URL | undefined> {
  const { spec, memory, tally } = scraping;
  const { headers, body } = page.answer;
  tally.pages += 1;
  const decoded = decodePage(body, headers['content-type']);
  const found: PageRows =
    decoded.html === undefined
      ? { rows: [], refused: 0, problems: [decoded.problem] }
      : readRows(decoded.html, page.url, spec);
  tally.refusedRows += found.refused;
  await sendNew(scraping, page, found.rows);
  if (found.problems.length > 0) {
    const file = await scraping.saved.save(body, new Date(scraping.wallClock()));
    const where = file === undefined ? 'It could not be saved.' : `It is saved as ${file}.`;
    const problems = found.problems.map(oneLine).join('; ');
    complain(scraping, turn, `${page.asked.href} is not as described: ${problems}. ${where}`);
  }
  memory.setValidators(
    page.asked,
    found.problems.length > 0 ? undefined : validatorsOf(page, found),
  );
  return found.next;
}

/** Rows count as sent when they are acknowledged, so that a crash before sends them again. */
async function sendNew(scraping: Scraping, page: Page, rows: readonly PageRow[]): Promise<void> {
  const { memory, sender, tally, spec, wallClock } = scraping;
  const fresh = memory.findNew(rows);
  if (fresh.length > 0) {
    const stamp = { pageUrl: page.url.href, seenAt: new Date(wallClock()).toISOString() };
    await sender.ready();
    tally.sent += fresh.length;
    try {
      await Promise.all([
        sender.send(fresh.map((row) => makeEvent(row, spec, stamp))),
        sender.flush(),
      ]);
    } catch (caught) {
      tally.failed += fresh.length;
      throw caught;
    }
    tally.acked += fresh.length;
    scraping.onNotice(
      `${fresh.length} of ${rows.length} rows of ${page.asked.href} are new and sent.`,
    );
  }
  memory.remember(rows);
}

/** One line of JSON: the fields in their order, then where and when the row was seen. */
export function makeEvent(
  row: PageRow,
  spec: Pick<PageSpec, 'fields' | 'key'>,
  stamp: { readonly pageUrl: string; readonly seenAt: string },
): OutgoingEvent {
  const fields = spec.fields.map(({ name }, index) => `"${name}":${row.values[index]}`);
  const rest = Object.entries(stamp).map(([name, text]) => `"${name}":${JSON.stringify(text)}`);
  const value = `{${[...fields, ...rest].join(',')}}`;
  const single: unknown = spec.key.length === 1 ? JSON.parse(row.key) : undefined;
  return { key: typeof single === 'string' ? single : row.key, value };
}

function validatorsOf({ answer }: Page, { next }: PageRows): Validators | undefined {
  const { etag, 'last-modified': lastModified } = answer.headers;
  return etag === undefined && lastModified === undefined
    ? undefined
    : { etag, lastModified, next: next?.href };
}

function complain({ tally, onNotice }: Scraping, turn: Turn, sentence: string): void {
  tally.broken += 1;
  turn.good = false;
  onNotice(`${sentence} It is read again in the next turn.`);
}
