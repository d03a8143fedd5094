import { afterEach, expect, it } from 'vitest';
import { createSteppedClock } from '../crypto-markets/stepped-clock.ts';
import { httpGet } from '../http-get.ts';
import { type Fetched, type FetcherSettings, PageFetcher } from './page-fetcher.ts';
import { type Answering, html, startWebSite, status, type WebSite } from './web-site.ts';

const sites: WebSite[] = [];

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

it('asks robots.txt first, says who it is, and gives the page', async () => {
  const { site, fetched } = await ask({ '/p': html('<p>a</p>') }, { contact: 'https://a.b/bot' });
  expect(site.asked).toEqual(['/robots.txt', '/p']);
  expect(site.lastHeaders()).toMatchObject({
    'user-agent': 'sluice-producer/0.1 (+https://a.b/bot)',
    accept: expect.stringContaining('text/html'),
  });
  expect(fetched).toMatchObject({ kind: 'page', answer: { status: 200 } });
});

it.each<[string, Answering, string, string]>([
  [
    'forbids us by name',
    robots('User-agent: sluice-producer\nDisallow: /'),
    'refused',
    'forbids /p',
  ],
  ['forbids everybody', robots('User-agent: *\nDisallow: /p'), 'refused', 'forbids /p'],
  ['is broken', status(500), 'again', 'robots.txt is answered with status 500'],
  ['breaks off', (_question, answer) => answer.destroy(), 'again', 'robots.txt: '],
])('does not ask for the page when robots.txt %s', async (_title, rules, kind, problem) => {
  const { site, fetched } = await ask({ '/robots.txt': rules, '/p': html('<p>a</p>') });
  expect(fetched).toMatchObject({ kind, problem: expect.stringContaining(problem) });
  expect(site.asked).not.toContain('/p');
});

it.each<[string, Answering]>([
  ['forbids others', robots('User-agent: other\nDisallow: /')],
  ['allows a part', robots('User-agent: *\nDisallow: /\nAllow: /p')],
  ['is not there', status(404)],
])('asks for the page when robots.txt %s', async (_title, rules) => {
  const { fetched } = await ask({ '/robots.txt': rules, '/p': html('<p>a</p>') });
  expect(fetched.kind).toBe('page');
});

it('reads robots.txt once, and waits between pages as long as it and the pause say', async () => {
  const clock = createSteppedClock();
  const rules = robots('User-agent: *\nCrawl-delay: 7');
  const { site, fetcher } = await ask({ '/robots.txt': rules, '/p': html('<p>a</p>') }, { clock });
  await fetcher.fetch(new URL('/p', site.url), undefined);
  expect(site.asked).toEqual(['/robots.txt', '/p', '/p']);
  expect(clock.sleeps).toEqual([7000, 7000]);
});

it('asks on the condition that the page has changed', async () => {
  const known = { etag: '"x"', lastModified: 'Tue, 24 Nov 2026 08:00:00 GMT' };
  const { site, fetched } = await ask({ '/p': status(304) }, { known });
  expect(fetched).toEqual({ kind: 'unchanged' });
  expect(site.lastHeaders()).toMatchObject({
    'if-none-match': '"x"',
    'if-modified-since': known.lastModified,
  });
});

it('follows redirects to the page, whose address then counts', async () => {
  const { site, fetched } = await ask({
    '/p': status(302, { location: '/q' }),
    '/q': status(308, { location: 'r' }),
    '/r': html('<p>a</p>'),
  });
  expect(fetched).toMatchObject({ kind: 'page' });
  expect(fetched.kind === 'page' && fetched.url.href).toBe(`${site.url}/r`);
});

it('asks robots.txt about where a redirect leads', async () => {
  const { fetched } = await ask({
    '/robots.txt': robots('User-agent: *\nDisallow: /secret'),
    '/p': status(302, { location: '/secret' }),
    '/secret': html('<p>a</p>'),
  });
  expect(fetched).toMatchObject({ kind: 'refused', problem: expect.stringContaining('/secret') });
});

it.each<[string, Answering, string, string]>([
  ['redirects in a circle', status(302, { location: '/p' }), 'refused', 'more than 5 redirects'],
  ['leads to a file', status(302, { location: 'file:///etc/passwd' }), 'refused', 'not followed'],
  ['leads to a password', status(302, { location: 'http://a:b@c/' }), 'refused', 'not followed'],
  ['is huge', html('x'.repeat(100_001)), 'refused', 'larger than 100000 bytes'],
  ['is no HTML', html('%PDF', { 'content-type': 'application/pdf' }), 'refused', 'application/pdf'],
  ['is compressed unasked', html('x', { 'content-encoding': 'gzip' }), 'refused', 'gzip'],
  ['is gone', status(410), 'refused', 'status 410'],
  ['is slow', () => undefined, 'again', 'not answered within 500 ms'],
  ['ends never', (_question, answer) => answer.writeHead(200).write('<p>'), 'again', '500 ms'],
  ['breaks off', (_question, answer) => answer.destroy(), 'again', 'socket hang up'],
  ['is down', status(503, { 'retry-after': '120' }), 'again', 'status 503'],
])('gives no page when it %s', async (_title, answering, kind, problem) => {
  const { fetched } = await ask({ '/p': answering });
  expect(fetched).toMatchObject({ kind, problem: expect.stringContaining(problem) });
});

it('passes on for how long a server wants to be left alone', async () => {
  const { fetched } = await ask({ '/p': status(429, { 'retry-after': '120' }) });
  expect(fetched).toMatchObject({ kind: 'again', waitMs: 120_000 });
});

it('asks nothing of a private network unless it may, not even robots.txt', async () => {
  const { site, fetched } = await ask({ '/p': html('<p>a</p>') }, { allowPrivate: false });
  const problem = expect.stringContaining('is not a public address');
  expect(fetched).toMatchObject({ kind: 'refused', problem });
  expect(site.asked).toEqual([]);
});

it('does not follow a redirect into a private network', async () => {
  const secret = await startWebSite({ '/': html('<p>secret</p>') });
  sites.push(secret);
  // Where the page is counts as public here; everything else is judged as always.
  const { fetched } = await ask(
    { '/p': status(302, { location: secret.url }) },
    {
      allowPrivate: false,
      get: (question) =>
        httpGet({ ...question, allowPrivate: !secret.url.includes(question.url.port) }),
    },
  );
  const problem = expect.stringContaining('is not a public address');
  expect(fetched).toMatchObject({ kind: 'refused', problem });
  expect(secret.asked).toEqual([]);
});

it('stops in the middle of a page', async () => {
  const { fetched } = await ask({ '/p': () => undefined }, { stop: AbortSignal.timeout(200) });
  expect(fetched).toEqual({ kind: 'stopped' });
});

function robots(text: string): Answering {
  return html(text, { 'content-type': 'text/plain' });
}

type Wish = Partial<FetcherSettings> & {
  readonly contact?: string;
  readonly known?: { readonly etag: string; readonly lastModified: string };
};

async function ask(
  pages: Readonly<Record<string, Answering>>,
  { contact, known, ...wish }: Wish = {},
) {
  const site = await startWebSite(pages);
  sites.push(site);
  const limits = { bytes: 100_000, timeMs: 500, redirects: 5 };
  const fetcher = new PageFetcher({
    spec: { limits, pauseMs: 1000, contact },
    allowPrivate: true,
    stop: new AbortController().signal,
    clock: createSteppedClock(),
    wallClock: () => 0,
    ...wish,
  });
  const fetched: Fetched = await fetcher.fetch(new URL('/p', site.url), known);
  return { site, fetcher, fetched };
}
