import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSteppedClock } from '../crypto-markets/stepped-clock.ts';
import type { EventSender } from '../event-sender.ts';
import { ProducerError } from '../producer-errors.ts';
import { PageFetcher } from './page-fetcher.ts';
import { PageMemory } from './page-memory.ts';
import type { PageSpec } from './page-spec.ts';
import { readPageSpec } from './read-page-spec.ts';
import { SavedPages } from './saved-pages.ts';
import { createTally, type Scraping, scrapeTurn } from './scrape-turn.ts';
import { html, quotesPage, startWebSite, status, type WebSite } from './web-site.ts';

const [wilde, woolf, kafka] = ['Wilde', 'Woolf', 'Kafka'].map((author) => ({
  text: `Said by ${author}.`,
  author,
})) as [
  { text: string; author: string },
  { text: string; author: string },
  { text: string; author: string },
];

let folder: string;
let site: WebSite;
/** Whether the destination takes nothing. */
let failing = false;

beforeEach(async () => {
  failing = false;
  folder = await mkdtemp(join(tmpdir(), 'scrape-turn-'));
  site = await startWebSite({
    '/': html(quotesPage([wilde, woolf], '/2')),
    '/2': html(quotesPage([kafka])),
  });
});

afterEach(async () => {
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

it('sends the rows of all pages once, and later those that are new or have changed', async () => {
  const first = await scrape();
  expect(first.authors).toEqual(['Wilde', 'Woolf', 'Kafka']);
  expect(JSON.parse(first.sent[0] ?? '')).toEqual({
    ...wilde,
    likes: 1234,
    pageUrl: `${site.url}/`,
    seenAt: '1970-01-01T00:00:00.000Z',
  });
  expect((await scrape()).sent).toEqual([]);
  site.play(
    '/2',
    html(
      quotesPage([
        { ...kafka, likes: '5' },
        { text: 'New.', author: 'Poe' },
      ]),
    ),
  );
  expect((await scrape()).authors).toEqual(['Kafka', 'Poe']);
});

it('goes on to the pages behind one that has not changed', async () => {
  site.play('/', (request, response) => {
    const play =
      request.headers['if-none-match'] === '"1"'
        ? status(304)
        : html(quotesPage([wilde], '/2'), { etag: '"1"' });
    play(request, response);
  });
  await scrape();
  site.play('/2', html(quotesPage([kafka, woolf])));
  const { authors, tally } = await scrape();
  expect(authors).toEqual(['Woolf']);
  expect(tally).toMatchObject({ unchanged: 1, pages: 1 });
});

it('reads no more pages than it may, and none twice', async () => {
  site.play('/2', html(quotesPage([kafka], '/')));
  const { tally } = await scrape();
  expect(tally.pages).toBe(2);
  site.play('/', html(quotesPage([wilde], '/2')));
  site.play('/2', html(quotesPage([woolf], '/3')));
  site.play('/3', html(quotesPage([kafka])));
  expect((await scrape({ next: { select: 'a.next', pages: 2 } })).tally.pages).toBe(2);
});

it('sends rows again whose acknowledgement did not come', async () => {
  failing = true;
  await expect(scrape()).rejects.toMatchObject({ code: 'REFUSED' });
  failing = false;
  expect((await scrape()).authors).toEqual(['Wilde', 'Woolf', 'Kafka']);
});

it('does not send rows again that were acknowledged before the destination failed', async () => {
  site.play('/2', (request, response) => {
    failing = true;
    html(quotesPage([kafka]))(request, response);
  });
  await expect(scrape()).rejects.toMatchObject({ code: 'REFUSED' });
  site.play('/2', html(quotesPage([kafka])));
  failing = false;
  expect((await scrape()).authors).toEqual(['Kafka']);
});

it('sends nothing of a page that has changed its shape, saves it once and says so until it is good again', async () => {
  await scrape();
  site.play('/', html('<h1>New design!</h1>', { etag: '"2"' }));
  for (const _turn of [1, 2]) {
    const { sent, good, notices } = await scrape();
    expect({ sent, good }).toEqual({ sent: [], good: false });
    expect(notices[0]).toContain(
      `${site.url}/ is not as described: rows: "tr.quote" finds nothing.`,
    );
    const [, file = ''] = /saved as (.*\.html)\./.exec(notices[0] ?? '') ?? [];
    expect(await readFile(file, 'utf8')).toBe('<h1>New design!</h1>');
  }
  site.play('/', html(quotesPage([wilde, { text: 'Back.', author: 'Poe' }])));
  expect(await scrape()).toMatchObject({ authors: ['Poe'], good: true });
});

it('sends good rows of a page with bad ones, and reads it again even if it says that it has not changed', async () => {
  site.play('/', html(quotesPage([wilde, { text: 'x', author: '' }]), { etag: '"1"' }));
  const { authors, tally, good } = await scrape();
  expect({ authors, good }).toEqual({ authors: ['Wilde'], good: false });
  expect(tally.refusedRows).toBe(1);
  await scrape();
  expect(site.lastHeaders()['if-none-match']).toBeUndefined();
});

it('keeps the last five bad pages', async () => {
  for (let number = 0; number < 8; number += 1) {
    site.play('/', html(`<p>${number}</p>`));
    await scrape();
  }
  expect(await readdir(join(folder, 'saved'))).toHaveLength(5);
});

it('tries a page again that does not come, and leaves it for the next turn when it still does not', async () => {
  site.play('/', status(503));
  const { good, sent, notices } = await scrape();
  expect({ good, sent }).toEqual({ good: false, sent: [] });
  expect(site.asked.filter((path) => path === '/')).toHaveLength(5);
  expect(notices.at(-1)).toContain('gave no page (status 503). It is read again in the next turn.');
});

it('leaves a server alone for as long as it asks', async () => {
  site.play('/', status(429, { 'retry-after': '7200' }));
  expect(await scrape()).toMatchObject({ good: false, waitMs: 7_200_000 });
  expect(site.asked.filter((path) => path === '/')).toHaveLength(1);
});

/** One turn of a program that is started for it and ends after it. */
async function scrape(wish: Partial<PageSpec> = {}) {
  const { spec } = readPageSpec(`page: quotes
url: ${site.url}/
rows: tr.quote
key: text
fields:
  text: .text
  author: { select: .author, required: true }
  likes: { select: .likes, match: '[0-9,]+', type: integer }
next: { select: a.next, pages: 5 }
`);
  if (spec === undefined) throw new Error('the page is wrong');
  const sent: string[] = [];
  const notices: string[] = [];
  const tools = {
    spec: { ...spec, ...wish },
    stop: new AbortController().signal,
    clock: createSteppedClock(),
    wallClock: () => 0,
    random: () => 0.5,
  };
  const scraping: Scraping = {
    ...tools,
    fetcher: new PageFetcher({ ...tools, allowPrivate: true }),
    memory: await PageMemory.open({ file: join(folder, 'memory'), limit: 100, fingerprint: 'f' }),
    saved: new SavedPages(join(folder, 'saved'), 'quotes'),
    sender: createMemorySender(sent),
    tally: createTally(),
    onNotice: (sentence) => notices.push(sentence),
  };
  const outcome = await scrapeTurn(scraping);
  const authors = sent.map((line) => JSON.parse(line).author);
  return { ...outcome, sent, authors, notices, tally: scraping.tally };
}

function createMemorySender(sent: string[]): EventSender {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    ready: nothing,
    flush: nothing,
    close: nothing,
    send: async (events) => {
      if (failing) {
        throw new ProducerError('REFUSED', { servers: 's', topic: 't', problem: 'no' });
      }
      sent.push(...events.map(({ value }) => value));
    },
  };
}
