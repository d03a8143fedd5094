import type { OutgoingEvent } from './event-sender.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

const FIRST_OFFSET = 10_000;
const CUSTOMERS = Array.from({ length: 21 }, (_, index) => `CI00${100 + index}`);
const DEVICES = ['D001', 'D002', 'D003', 'D004', 'D005', null] as const;
const STATUSES = ['SUCCESS', 'ERROR', 'STANDBY', null] as const;
const MAX_DEVICES = 3;
const MAX_TEMPERATURE = 30;

/** What one device reported. */
export interface DeviceReading {
  readonly deviceId: string | null;
  /** Degrees Celsius, 0 to 30. */
  readonly temperature: number;
  readonly measure: 'C';
  readonly status: 'SUCCESS' | 'ERROR' | 'STANDBY' | null;
}

export interface DeviceEvent {
  readonly eventId: string;
  /** Counts up from 10000 without a gap. */
  readonly eventOffset: number;
  readonly eventPublisher: 'device';
  readonly customerId: string;
  readonly data: { readonly devices: readonly DeviceReading[] };
  /** UTC without a zone, six digits of a second, as Python's `datetime.isoformat` writes it. */
  readonly eventTime: string;
}

export interface DeviceEventOptions {
  readonly seed: string;
  /** Begins behind so many events, 0 when absent. */
  readonly skip?: number;
  /** Microseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Returns a function that gives the next event each time it is called: key a UUID, value one line of JSON. The
 * same seed gives the same keys and events, but for their eventTime.
 */
export function createDeviceEvents(options: DeviceEventOptions): () => OutgoingEvent {
  const random = createSeededRandom(options.seed);
  const now = options.now ?? readClock;
  let offset = FIRST_OFFSET;
  const next = (): OutgoingEvent => {
    const event = makeDeviceEvent(random, offset, now());
    offset += 1;
    return { key: random.uuid(), value: JSON.stringify(event) };
  };
  // What chance gives to an event depends on all before it.
  for (let left = options.skip ?? 0; left > 0; left -= 1) {
    next();
  }
  return next;
}

function makeDeviceEvent(random: SeededRandom, eventOffset: number, time: number): DeviceEvent {
  return {
    eventId: random.uuid(),
    eventOffset,
    eventPublisher: 'device',
    customerId: pick(random, CUSTOMERS),
    data: { devices: makeReadings(random) },
    eventTime: formatTime(time),
  };
}

function makeReadings(random: SeededRandom): readonly DeviceReading[] {
  const readings: DeviceReading[] = [];
  for (let left = random.below(MAX_DEVICES + 1); left > 0; left -= 1) {
    readings.push({
      deviceId: pick(random, DEVICES),
      temperature: random.below(MAX_TEMPERATURE + 1),
      measure: 'C',
      status: pick(random, STATUSES),
    });
  }
  return readings;
}

function pick<Value>(random: SeededRandom, values: readonly Value[]): Value {
  return values[random.below(values.length)] as Value;
}

/** The system clock counts milliseconds; the three digits below come from the finer monotonic clock. */
function readClock(): number {
  return Date.now() * 1000 + (Math.floor(performance.now() * 1000) % 1000);
}

/** At full speed a hundred events share a millisecond, whose text takes longest to make. */
let latest = { milliseconds: Number.NaN, text: '' };

function formatTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  if (milliseconds !== latest.milliseconds) {
    latest = { milliseconds, text: new Date(milliseconds).toISOString().slice(0, 23) };
  }
  return latest.text + String(microseconds - milliseconds * 1000).padStart(3, '0');
}
