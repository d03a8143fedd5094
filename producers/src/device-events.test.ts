import { describe, expect, it } from 'vitest';
import { createDeviceEvents, type DeviceEvent } from './device-events.ts';
import type { OutgoingEvent } from './event-sender.ts';

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('createDeviceEvents', () => {
  it('gives the same keys and events again for the same seed and clock', () => {
    expect(make({ seed: 'a', count: 500 })).toEqual(make({ seed: 'a', count: 500 }));
  });

  it('changes nothing but eventTime when only the clock differs', () => {
    const withoutTime = (events: readonly OutgoingEvent[]) =>
      events.map(({ key, value }) => ({ key, event: { ...parse(value), eventTime: '' } }));
    const early = make({ seed: 'a', count: 100, now: () => 0 });
    const late = make({ seed: 'a', count: 100, now: () => 1e15 });
    expect(early).not.toEqual(late);
    expect(withoutTime(early)).toEqual(withoutTime(late));
  });

  it('gives other events for another seed', () => {
    const keys = new Set(make({ seed: 'a', count: 100 }).map((event) => event.key));
    expect(make({ seed: 'b', count: 100 }).some((event) => keys.has(event.key))).toBe(false);
  });

  it('gives each event and key a version 4 UUID of its own', () => {
    const events = make({ seed: 'uuid', count: 20_000 });
    const all = events.flatMap(({ key, value }) => [key, parse(value).eventId]);
    expect(all.every((uuid) => UUID4.test(uuid))).toBe(true);
    expect(new Set(all).size).toBe(40_000);
  });

  it('writes the fields in the order of the sample and counts offsets up from 10000', () => {
    const [first, second] = make({ seed: 'a', count: 2 }).map(({ value }) => parse(value));
    expect(Object.keys(first ?? {})).toEqual([
      'eventId',
      'eventOffset',
      'eventPublisher',
      'customerId',
      'data',
      'eventTime',
    ]);
    expect(first).toMatchObject({ eventOffset: 10_000, eventPublisher: 'device' });
    expect(second?.eventOffset).toBe(10_001);
  });

  it('writes the time with six digits of a second, zeros included', () => {
    const times = [0, 1_795_489_200_000_123, 1_795_489_200_999_000].map((now) => {
      const [event] = make({ seed: 'a', count: 1, now: () => now });
      return parse(event?.value ?? '').eventTime;
    });
    expect(times).toEqual([
      '1970-01-01T00:00:00.000000',
      '2026-11-24T03:00:00.000123',
      '2026-11-24T03:00:00.999000',
    ]);
  });

  it('uses every value of its ranges, about evenly, and none outside', () => {
    const events = make({ seed: 'ranges', count: 10_000 }).map(({ value }) => parse(value));
    const readings = events.flatMap((event) => event.data.devices);
    expectEven(
      events.map((event) => event.customerId),
      Array.from({ length: 21 }, (_, index) => `CI00${100 + index}`),
    );
    expectEven(
      events.map((event) => event.data.devices.length),
      [0, 1, 2, 3],
    );
    expectEven(
      readings.map((reading) => reading.deviceId),
      ['D001', 'D002', 'D003', 'D004', 'D005', null],
    );
    expectEven(
      readings.map((reading) => reading.temperature),
      Array.from({ length: 31 }, (_, index) => index),
    );
    expectEven(
      readings.map((reading) => reading.status),
      ['SUCCESS', 'ERROR', 'STANDBY', null],
    );
    expectEven(
      readings.map((reading) => reading.measure),
      ['C'],
    );
  });
});

function make(options: {
  readonly seed: string;
  readonly count: number;
  readonly now?: () => number;
}): readonly OutgoingEvent[] {
  const next = createDeviceEvents({ seed: options.seed, now: options.now ?? (() => 0) });
  return Array.from({ length: options.count }, next);
}

function parse(value: string): DeviceEvent {
  return JSON.parse(value);
}

/** Each allowed value turns up, within a quarter of its fair share, and no other does. */
function expectEven(found: readonly unknown[], allowed: readonly unknown[]): void {
  const counts = new Map<unknown, number>();
  for (const value of found) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  expect(new Set(counts.keys())).toEqual(new Set(allowed));
  const share = found.length / allowed.length;
  for (const [value, count] of counts) {
    expect(Math.abs(count - share), `${value} of ${allowed}`).toBeLessThan(share / 4);
  }
}
