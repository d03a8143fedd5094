import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type BucketStandIn, startBucketStandIn } from './bucket-stand-in.ts';
import {
  answer,
  coins,
  type MarketsStandIn,
  type Play,
  startMarketsStandIn,
} from './markets-stand-in.ts';

const KEY = 'CG-canary-5f1e8b7a';
const NAME = 'crypto_20261124073000.json';
const PATH = `/prices/finance/${NAME}`;
const EVENT = { source: 'aws.events', time: '2026-11-24T07:30:00Z', detail: {} };
const context = { getRemainingTimeInMillis: () => 60_000 };

let bucket: BucketStandIn;
let markets: MarketsStandIn;
let parameters: Server;
let parametersAsked: number;
let parameterValue: string;

beforeEach(async () => {
  bucket = await startBucketStandIn();
  parametersAsked = 0;
  parameterValue = KEY;
  parameters = createServer((_request, response) => {
    parametersAsked += 1;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Parameter: { Name: 'key', Value: parameterValue } }));
  }).listen(0, '127.0.0.1');
  await once(parameters, 'listening');
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined);
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.resetModules();
  parameters.closeAllConnections();
  parameters.close();
  await Promise.all([bucket.close(), markets.close()]);
});

it('writes one object, named after the time the event was due', async () => {
  const handler = await load(answer(200, coins(3)));
  expect(await handler(EVENT, context)).toEqual({ name: NAME, state: 'written', coins: 3 });
  expect([...bucket.objects.keys()]).toEqual([PATH]);
  expect(String(bucket.objects.get(PATH))).toMatch(/^\{"results":\[\{"id":"coin-0"/);
});

it('asks the API once and writes once when the same event comes twice', async () => {
  const handler = await load(answer(200, coins(3)), answer(200, coins(9)));
  await handler(EVENT, context);
  const before = String(bucket.objects.get(PATH));
  expect(await handler(EVENT, context)).toEqual({ name: NAME, state: 'there' });
  expect(markets.asked).toHaveLength(1);
  expect(String(bucket.objects.get(PATH))).toBe(before);
});

it('leaves one whole object when the same event comes twice at the same moment', async () => {
  const handler = await load(answer(200, coins(3)), answer(200, coins(9)));
  const answers = await Promise.all([handler(EVENT, context), handler(EVENT, context)]);
  expect(answers.map(({ state }) => state).sort()).toEqual(['there', 'written']);
  const written = answers.find(({ state }) => state === 'written');
  const { results } = JSON.parse(String(bucket.objects.get(PATH)));
  expect(written).toMatchObject({ coins: results.length });
});

it('sends the key of the parameter, reads it once, and reads it again after a refusal', async () => {
  const plays = [answer(200, coins(1)), answer(200, coins(1)), answer(401, `{"error":"${KEY}"}`)];
  const handler = await load(...plays, answer(200, coins(1)));
  vi.stubEnv('KEY_PARAMETER', '/sluice/coingecko');
  await handler(at(1), context);
  await handler(at(2), context);
  expect(markets.lastHeaders()['x-cg-demo-api-key']).toBe(KEY);
  expect(parametersAsked).toBe(1);
  await expect(handler(at(3), context)).rejects.toMatchObject({ code: 'MARKETS_REFUSED' });
  parameterValue = 'CG-another-key';
  await handler(at(3), context);
  expect(parametersAsked).toBe(2);
  expect(markets.lastHeaders()['x-cg-demo-api-key']).toBe('CG-another-key');
});

it('never says the key, neither in what it throws nor in its log', async () => {
  const handler = await load(answer(401, `{"error":"bad key ${KEY}"}`));
  vi.stubEnv('KEY_PARAMETER', '/sluice/coingecko');
  const refusal = await handler(EVENT, context).catch((caught: unknown) => String(caught));
  const said = JSON.stringify([refusal, vi.mocked(console.error).mock.calls]);
  expect(said).toContain('MARKETS_REFUSED');
  expect(said).not.toContain(KEY.slice(0, 6));
});

it('writes nothing when the API is of no use, and fails so that Lambda tries again', async () => {
  const handler = await load(answer(200, '{"status":{"error_code":10005}}'));
  await expect(handler(EVENT, context)).rejects.toMatchObject({ code: 'MARKETS_BROKEN' });
  expect(bucket.objects.size).toBe(0);
});

it('gives up within the time that Lambda leaves it', async () => {
  const handler = await load((_request, _response) => undefined);
  const started = performance.now();
  const short = { getRemainingTimeInMillis: () => 20_500 };
  await expect(handler(EVENT, short)).rejects.toMatchObject({ code: 'MARKETS_AWAY' });
  expect(performance.now() - started).toBeLessThan(10_000);
});

it.each([undefined, {}, { time: 'yesterday' }, { time: 1 }, { time: '2026-13-24T07:30:00Z' }])(
  'refuses an event without a time, before anything is asked: %j',
  async (event) => {
    const handler = await load(answer(200, coins(3)));
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'EVENT_TIMELESS' });
    expect([...markets.asked, ...bucket.requests]).toEqual([]);
  },
);

it.each([
  ['BUCKET', ''],
  ['COINGECKO_URL', 'ftp://example.org'],
  ['COINGECKO_URL', 'https://user:secret@example.org'],
  ['PAGES', '0'],
  ['PAGES', 'many'],
])('refuses the setting %s=%s', async (name, value) => {
  const handler = await load(answer(200, coins(3)));
  vi.stubEnv(name, value);
  await expect(handler(EVENT, context)).rejects.toMatchObject({ code: 'SETTING_INVALID' });
});

it('refuses plain http unless private addresses are allowed', async () => {
  const handler = await load(answer(200, coins(3)));
  vi.stubEnv('ALLOW_PRIVATE', 'false');
  await expect(handler(EVENT, context)).rejects.toMatchObject({ code: 'SETTING_INVALID' });
});

function at(minute: number) {
  return { ...EVENT, time: `2026-11-24T08:0${minute}:00Z` };
}

/** The handler as a fresh process has it, with the environment that the stack gives it. */
async function load(...plays: readonly Play[]) {
  markets = await startMarketsStandIn(...plays);
  const address = parameters.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const environment = {
    BUCKET: 'prices',
    PREFIX: 'finance/',
    COINGECKO_URL: markets.url.href,
    ALLOW_PRIVATE: 'true',
    AWS_ENDPOINT_URL: bucket.endpoint,
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(environment)) {
    vi.stubEnv(name, value);
  }
  return (await import('./collector-lambda.ts')).handler;
}
