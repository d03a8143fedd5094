import { expect, it } from 'vitest';
import { answer, coins } from './markets-stand-in.ts';
import { rehearseSnapshot } from './snapshot-rehearsal.ts';

const KEY = 'CG-canary-5f1e8b7a';
const good = answer(200, coins(3));

it('holds every page in order on one line, each coin byte for byte as the API wrote it', async () => {
  const plays = [
    answer(200, coins(2)),
    answer(200, `\uFEFF\r\n ${coins(2, 2)} \n`),
    answer(200, '[]'),
  ];
  const { outcome, asked } = await rehearseSnapshot(plays, { asks: { pages: 3 } });
  const lists = [coins(2), coins(2, 2)].map((list) => list.slice(1, -1).replaceAll('\n', ' '));
  const body = `{"results":[${lists.join(',')}]}`;
  const at = new Date('2026-11-24T07:30:00Z');
  expect(outcome).toEqual({ kind: 'snapshot', snapshot: { at, coins: 4, body } });
  expect(body).toContain('"market_cap":12345678901234567890');
  const pages = asked.map((path) => new URLSearchParams(path).get('page'));
  expect(pages).toEqual(['1', '2', '3']);
});

it('is asked for with the parameters that the pipeline needs, and the key in a header', async () => {
  const { asked, lastHeaders } = await rehearseSnapshot([good], { asks: { key: KEY } });
  expect(asked).toEqual([
    '/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=100&page=1' +
      '&price_change_percentage=1h%2C24h%2C7d',
  ]);
  const headers = { 'x-cg-demo-api-key': KEY, 'accept-encoding': 'identity' };
  expect(lastHeaders()).toMatchObject(headers);
});

it('may be empty, and the pages after an empty one are not paid for', async () => {
  const { outcome, asked } = await rehearseSnapshot([answer(200, '[]')], { asks: { pages: 5 } });
  expect(outcome).toMatchObject({ snapshot: { coins: 0, body: '{"results":[]}' } });
  expect(asked).toHaveLength(1);
});

it('is not there at all when one of its pages is missing', async () => {
  const { outcome } = await rehearseSnapshot([good, answer(404, '')], { asks: { pages: 2 } });
  expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'MARKETS_REFUSED' } });
});

it.each([400, 500, 200])(
  'never says the key when the server repeats it with %i',
  async (status) => {
    const said: string[] = [];
    for (const body of [`{"error":"bad key ${KEY}"}`, `${'x'.repeat(195)}${KEY}`]) {
      const onNotice = (sentence: string) => said.push(sentence);
      const wish = { asks: { key: KEY }, onNotice };
      said.push((await rehearseSnapshot([answer(status, body)], wish)).problem);
    }
    expect(said.join('\n')).toContain('bad key (key)');
    expect(said.join('\n')).not.toContain(KEY.slice(0, 5));
  },
);

it('is stopped while it waits for an answer, and asks no more', async () => {
  const stop = new AbortController();
  const { outcome, asked } = await rehearseSnapshot([() => stop.abort()], { stop: stop.signal });
  expect(outcome).toEqual({ kind: 'stopped' });
  expect(asked).toHaveLength(1);
});

it('is stopped while it backs off, and asks no more', async () => {
  const stop = new AbortController();
  const clock = { now: () => 0, sleep: () => Promise.resolve(stop.abort()) };
  const wish = { stop: stop.signal, clock };
  const { outcome, asked } = await rehearseSnapshot([answer(500, '')], wish);
  expect(outcome).toEqual({ kind: 'stopped' });
  expect(asked).toHaveLength(1);
});
