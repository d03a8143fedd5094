import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openKafkaSender } from '../producers/src/kafka-sender.ts';
import { systemClock } from '../producers/src/pace.ts';
import { PageFetcher } from '../producers/src/web-page/page-fetcher.ts';
import { PageMemory } from '../producers/src/web-page/page-memory.ts';
import { readPageSpec } from '../producers/src/web-page/read-page-spec.ts';
import { SavedPages } from '../producers/src/web-page/saved-pages.ts';
import { createTally, type Scraping, scrapeTurn } from '../producers/src/web-page/scrape-turn.ts';
import { html, type Quote, quotesPage, startWebSite } from '../producers/src/web-page/web-site.ts';
import type { BenchStage } from './bench-stage.ts';
import { type Spread, spreadOf } from './spread.ts';

const ROWS = 1000;
/** Runs before those that count, in which the compiler learns; a service has them behind it. */
const WARM_UP_RUNS = 3;

export interface ScraperResult {
  readonly rows: number;
  /** Milliseconds from asking for the page to the memory on the disk; all rows are acknowledged by then. */
  readonly turnMs: Spread;
  /** The same for the very first turn of a program, nothing warmed up. */
  readonly firstTurnMs: number;
}

/** Measures turns over a page of 1,000 rows, of which all are new each time. */
export async function measureScraper(stage: BenchStage, runs: number): Promise<ScraperResult> {
  const site = await startWebSite({});
  const scraping = await openScraping(stage, site.url);
  const times: number[] = [];
  for (let run = 0; run < runs + WARM_UP_RUNS; run += 1) {
    site.play('/', html(quotesPage(makeQuotes(run))));
    const started = performance.now();
    await scrapeTurn(scraping);
    times.push(performance.now() - started);
  }
  await scraping.sender.close();
  await site.close();
  if (scraping.tally.acked !== ROWS * times.length) throw new Error('not all rows were sent');
  return {
    rows: ROWS,
    firstTurnMs: Math.round(times[0] ?? Number.NaN),
    turnMs: spreadOf(times.slice(WARM_UP_RUNS)),
  };
}

async function openScraping(stage: BenchStage, url: string): Promise<Scraping> {
  const { spec } = readPageSpec(`page: bench
url: ${url}/
rows: tr.quote
key: text
fields:
  text: .text
  author: { select: .author, required: true }
  likes: { select: .likes, match: '[0-9,]+', type: integer }
pause: 0 seconds
`);
  if (spec === undefined) throw new Error('the page is wrong');
  const tools = {
    ...{ spec, clock: systemClock, stop: new AbortController().signal },
    ...{ wallClock: Date.now, random: Math.random },
  };
  const folder = mkdtempSync(join(stage.folder, 'scraper-'));
  return {
    ...tools,
    fetcher: new PageFetcher({ ...tools, allowPrivate: true }),
    memory: await PageMemory.open({ file: join(folder, 'memory'), limit: 1e5, fingerprint: '' }),
    saved: new SavedPages(folder, 'bench'),
    tally: createTally(),
    sender: await openKafkaSender({ servers: [stage.broker.servers], topic: 'bench-scraper' }),
    onNotice: () => undefined,
  };
}

function makeQuotes(run: number): readonly Quote[] {
  return Array.from({ length: ROWS }, (_, row) => ({
    text: `What was said in row ${row} of run ${run}, and a few words more as people say them.`,
    author: `Author ${row % 50}`,
  }));
}
