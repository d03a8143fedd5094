import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './markets-source.ts';
import { answer, coins, type Play } from './markets-stand-in.ts';
import { rehearseSnapshot } from './snapshot-rehearsal.ts';
import { createSteppedClock } from './stepped-clock.ts';

/** Long enough for a good answer on a busy machine. */
const SHORT = { ...DEFAULT_LIMITS, totalMs: 1000 };

const good = answer(200, coins(3));
const never: Play = () => undefined;
const reset: Play = (request) => request.socket.resetAndDestroy();
const resetInBody: Play = (request, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('[{"id":', () => request.socket.resetAndDestroy());
};
const slow: Play = (_request, response) => {
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

it.each<[string, Play, number]>([
  ['so long as 429 says in seconds', limitedFor('7'), 7000],
  ['until 429 says, by the clock of the server', limitedFor('Tue, 24 Nov 2026 07:00:09 GMT'), 9000],
  ['and backs off when 429 says no time', answer(429, '{"status":{"error_code":429}}'), 750],
  ['and backs off when 429 says no readable time', limitedFor('soon'), 750],
  ['and backs off when 200 says 429', answer(200, '{"status":{"error_code":429}}'), 750],
  ['and backs off after 500', answer(500, 'oops'), 750],
  ['so long as 503 says', answer(503, '', { 'retry-after': '2' }), 2000],
  ['and backs off after a reset', reset, 750],
  ['and backs off after a reset in the body', resetInBody, 750],
  ['and backs off after no answer in time', never, 750],
  ['and backs off after an answer of one byte at a time', slow, 750],
])('waits %s, and then has its snapshot', async (_title, bad, waitMs) => {
  const clock = createSteppedClock();
  const { outcome } = await rehearseSnapshot([bad, good], { clock, asks: { limits: SHORT } });
  expect(outcome).toMatchObject({ kind: 'snapshot', snapshot: { coins: 3 } });
  expect(clock.sleeps).toEqual([waitMs]);
});

it('waits longer from try to try up to a minute, and gives up when the time is up', async () => {
  const clock = createSteppedClock();
  const { problem } = await rehearseSnapshot([answer(502, '')], { clock });
  const minutes = [45_000, 45_000, 45_000, 45_000];
  expect(clock.sleeps).toEqual([750, 1500, 3000, 6000, 12_000, 24_000, ...minutes]);
  expect(problem).toBe(
    'MARKETS_AWAY No markets came from HOST within 270 s and 11 tries (502: an empty body). ' +
      'The API must answer with an array of coins.',
  );
});

it('gives up when nothing answers in the time, however often it is tried', async () => {
  const { problem } = await rehearseSnapshot([never], { timeMs: 2000, asks: { limits: SHORT } });
  expect(problem).toContain('within 2 s and 2 tries (not answered within 1000 ms)');
});

it('backs off all the same from a server that asks to wait for no time', async () => {
  const clock = createSteppedClock();
  await rehearseSnapshot([limitedFor('0'), limitedFor('0'), good], { clock });
  expect(clock.sleeps).toEqual([750, 1500]);
});

it('gives up at once when asked to wait beyond the time, and says for how long', async () => {
  const clock = createSteppedClock();
  const { outcome } = await rehearseSnapshot([limitedFor('3600')], { clock });
  expect(outcome).toMatchObject({ failure: { code: 'MARKETS_AWAY' }, waitMs: 3_600_000 });
  expect(clock.sleeps).toEqual([]);
});

it('tells what it tries again, without what could move the cursor of a terminal', async () => {
  const notices: string[] = [];
  const onNotice = (sentence: string) => notices.push(sentence.replace(/^\S+/, 'HOST'));
  await rehearseSnapshot([answer(500, '{"error":"no\\u001b[2J\\nluck"}'), good], { onNotice });
  expect(notices).toEqual(['HOST gave no page 1 (500: no [2J luck); next try in 0.75 s.']);
});

function limitedFor(retryAfter: string): Play {
  const date = 'Tue, 24 Nov 2026 07:00:00 GMT';
  return answer(429, '{"status":{"error_code":429}}', { 'retry-after': retryAfter, date });
}
