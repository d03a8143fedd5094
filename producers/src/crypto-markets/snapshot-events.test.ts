import { expect, it } from 'vitest';
import type { EventSender, OutgoingEvent } from '../event-sender.ts';
import { ProducerError } from '../producer-errors.ts';
import { sendSnapshotsAsEvents } from './snapshot-events.ts';

it('sends the body as one event whose key is the time, and says written when it is acknowledged', async () => {
  const acknowledged = Promise.withResolvers<void>();
  const { sender, sent } = createSender(() => acknowledged.promise);
  let outcome: string | undefined;
  const put = sendSnapshotsAsEvents(sender)
    .put('crypto_20261124073000.json', '{"results":[]}')
    .then((is) => {
      outcome = is;
    });
  await new Promise((turn) => setImmediate(turn));
  expect(outcome).toBeUndefined();
  acknowledged.resolve();
  await put;
  expect(outcome).toBe('written');
  expect(sent).toEqual([{ key: '20261124073000', value: '{"results":[]}' }]);
});

it('fails with what the sender says', async () => {
  const failure = new ProducerError('REFUSED');
  const { sender } = createSender(() => Promise.reject(failure));
  await expect(sendSnapshotsAsEvents(sender).put('a.json', '')).rejects.toBe(failure);
});

function createSender(answer: () => Promise<void>) {
  const sent: OutgoingEvent[] = [];
  const sender: EventSender = {
    ready: () => Promise.resolve(),
    send: (events) => {
      sent.push(...events);
      return answer();
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return { sender, sent };
}
