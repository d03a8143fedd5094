import { describe, expect, it } from 'vitest';
import type { EventRecord } from './event-record.ts';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { startProduction } from './produce-events.ts';
import { ProducerError } from './producer-errors.ts';

describe('startProduction', () => {
  it('makes exactly as many events as asked for, and records them in order', async () => {
    const { sender, sent } = createMemorySender();
    const record = createMemoryRecord();
    const running = startProduction({ ...countUp(), sender, rate: 'max', count: 1234, record });
    await running.done;
    expect(running.counts()).toEqual({ sent: 1234, acked: 1234, failed: 0 });
    expect(sent).toHaveLength(1234);
    expect(record.lines).toEqual(sent.map((event) => event.value));
  });

  it('stops when told to and still waits for what was sent', async () => {
    const stop = new AbortController();
    const { sender, sent } = createMemorySender({ onSend: () => stop.abort() });
    const running = startProduction({ ...countUp(), sender, rate: 'max', stop: stop.signal });
    await running.done;
    expect(sent).toHaveLength(500);
    expect(running.counts()).toEqual({ sent: 500, acked: 500, failed: 0 });
  });

  it('ends with the first error, counts what failed and records only what was acknowledged', async () => {
    const { sender, sent } = createMemorySender({ failAfter: 1000 });
    const record = createMemoryRecord();
    const running = startProduction({ ...countUp(), sender, rate: 'max', record });
    await expect(running.done).rejects.toThrow('refused events for topic t (no)');
    const { acked, failed } = running.counts();
    expect({ acked, recorded: record.lines.length }).toEqual({ acked: 1000, recorded: 1000 });
    expect(sent).toHaveLength(1000);
    expect(failed).toBeGreaterThan(0);
  });

  it('fails when the record cannot be written', async () => {
    const { sender } = createMemorySender();
    const record = {
      append: () => {
        throw new ProducerError('RECORD_FAILED', { file: 'f', problem: 'full' });
      },
      close: () => undefined,
    };
    const running = startProduction({ ...countUp(), sender, rate: 'max', record });
    await expect(running.done).rejects.toThrow('Recording acknowledged events in f failed (full).');
    expect(running.counts().acked).toBe(0);
  });
});

function countUp() {
  let next = 0;
  return {
    stop: new AbortController().signal,
    nextEvent: (): OutgoingEvent => {
      next += 1;
      return { key: String(next), value: String(next) };
    },
  };
}

function createMemoryRecord(): EventRecord & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    append: (events) => lines.push(...events.map((event) => event.value)),
    close: () => undefined,
  };
}

/** A sender that keeps events, and refuses all from a number on, as a port in memory. */
function createMemorySender(
  options: { readonly failAfter?: number; readonly onSend?: () => void } = {},
): { readonly sender: EventSender; readonly sent: OutgoingEvent[] } {
  const sent: OutgoingEvent[] = [];
  const { failAfter = Number.POSITIVE_INFINITY, onSend } = options;
  const nothing = (): Promise<void> => Promise.resolve();
  const send = async (events: readonly OutgoingEvent[]): Promise<void> => {
    onSend?.();
    if (sent.length + events.length > failAfter) {
      throw new ProducerError('REFUSED', { servers: 's', topic: 't', problem: 'no' });
    }
    sent.push(...events);
  };
  return { sent, sender: { ready: nothing, send, flush: nothing, close: nothing } };
}
