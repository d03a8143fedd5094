import { expect, it } from 'vitest';
import { answer, coins, type Play } from './markets-stand-in.ts';
import { rehearseSnapshot } from './snapshot-rehearsal.ts';

const good = answer(200, coins(3));
const huge: Play = (_request, response) => {
  response.writeHead(200);
  const write = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, ' '))) {}
    response.once('drain', write);
  };
  write();
};

it.each<[string, Play, string]>([
  [
    'broken JSON',
    answer(200, '[{"id":"a"},'),
    'MARKETS_BROKEN HOST answered with something that is no markets (200: no JSON but [{"id":"a"},).',
  ],
  [
    'an empty body',
    answer(200, ''),
    'MARKETS_BROKEN HOST answered with something that is no markets (200: an empty body).',
  ],
  ['200 with an error', answer(200, '{"error":"coin not found"}'), '(200: coin not found).'],
  [
    '200 with an error code of the API',
    answer(200, '{"status":{"error_code":10010,"error_message":"Wrong host."}}'),
    '(200 with error 10010: Wrong host).',
  ],
  [
    'an object instead of an array',
    answer(200, '{"results":[]}'),
    '(200: no array but {"results":[]}).',
  ],
  [
    'an array of something else',
    answer(200, '[{"id":"a"},{"name":"b"}]'),
    'not everything is an object with an id',
  ],
  ['an array of nulls', answer(200, '[null]'), 'not everything is an object with an id'],
  ['bytes that are no UTF-8', answer(200, Buffer.from([0x5b, 0xff, 0x5d])), 'MARKETS_BROKEN'],
  ['no content', answer(204, ''), 'MARKETS_BROKEN'],
  ['a body without end', huge, 'the answer is larger than 8388608 bytes'],
  [
    'compression nobody asked for',
    answer(200, 'x', { 'content-encoding': 'gzip' }),
    'encoded as gzip',
  ],
  [
    '400',
    answer(400, '{"error":"invalid vs_currency"}'),
    'MARKETS_REFUSED HOST refused the request for markets (400: invalid vs_currency).',
  ],
  [
    '401',
    answer(401, '{"status":{"error_code":10002,"error_message":"API Key Missing"}}'),
    '(401: API Key Missing).',
  ],
  [
    '403 of a network in between',
    answer(403, '<html>error code: 1020</html>'),
    '(403: no JSON but <html>error code: 1020</html>).',
  ],
  [
    'a redirect to another host',
    answer(302, '', { location: 'http://169.254.169.254/latest' }),
    '(302: a redirect, which is not followed, to http://169.254.169.254/latest).',
  ],
])('asks once and no more when it gets %s', async (_title, bad, sentence) => {
  const { problem, asked } = await rehearseSnapshot([bad, good]);
  expect(problem).toContain(sentence);
  expect(asked).toHaveLength(1);
});

it('sends no request to a private address without leave', async () => {
  const { problem, asked } = await rehearseSnapshot([good], { asks: { allowPrivate: false } });
  expect(problem).toContain(
    'ADDRESS_REFUSED HOST was not asked (127.0.0.1 is not a public address).',
  );
  expect(asked).toEqual([]);
});

it('sends no request to a name that leads to a private address without leave', async () => {
  const wish = { asks: { allowPrivate: false }, host: 'localhost' };
  const { problem, asked } = await rehearseSnapshot([good], wish);
  expect(problem).toContain('ADDRESS_REFUSED HOST was not asked (localhost leads to ');
  expect(asked).toEqual([]);
});
