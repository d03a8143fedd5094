import { expect, it } from 'vitest';
import { splitEvents } from './event-batches.ts';
import type { OutgoingEvent } from './event-sender.ts';

it('keeps order, loses nothing and stays within both limits', () => {
  const events = Array.from({ length: 1000 }, (_, index) => makeEvent(index % 300));
  const batches = splitEvents(events, { maxEvents: 40, maxBytes: 5000 });
  expect(batches.flatMap((batch) => batch.events)).toEqual(events);
  for (const batch of batches) {
    expect(batch.events.length).toBeLessThanOrEqual(40);
    expect(batch.bytes).toBeLessThanOrEqual(5000);
  }
});

it('gives an event that is too large a batch of its own', () => {
  const events = [makeEvent(10), makeEvent(9000), makeEvent(10)];
  const batches = splitEvents(events, { maxEvents: 40, maxBytes: 5000 });
  expect(batches.map((batch) => batch.events.length)).toEqual([1, 1, 1]);
});

it('counts bytes, not characters', () => {
  const [batch] = splitEvents([{ key: '€', value: '€€' }], { maxEvents: 1, maxBytes: 1 });
  expect(batch?.bytes).toBe(9 + 24);
});

it('makes no batch of no events', () => {
  expect(splitEvents([], { maxEvents: 1, maxBytes: 1 })).toEqual([]);
});

function makeEvent(length: number): OutgoingEvent {
  return { key: 'key', value: 'x'.repeat(length) };
}
