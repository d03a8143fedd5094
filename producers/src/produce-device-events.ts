import { randomUUID } from 'node:crypto';
import { createDeviceEvents } from './device-events.ts';
import { openEventRecord } from './event-record.ts';
import type { EventSender } from './event-sender.ts';
import { openFolderSender } from './folder-sender.ts';
import { describeKafka } from './kafka-options.ts';
import { openKafkaSender } from './kafka-sender.ts';
import { startProduction } from './produce-events.ts';
import type { ProduceOptions } from './produce-options.ts';
import { runService } from './run-service.ts';
import { readState, writeState } from './state-file.ts';
import { openStdoutSender } from './stdout-sender.ts';
import { stopOnSignal } from './stop-on-signal.ts';

const SAVE_EACH_MS = 1000;

/** Makes and sends events until all are acknowledged or a signal comes. Throws ProducerError. */
export async function produceDeviceEvents(options: ProduceOptions): Promise<void> {
  const before =
    options.state === undefined ? undefined : await readState(options.state, takeProgress);
  const seed = options.seed ?? before?.seed ?? randomUUID();
  const acked = before?.seed === seed ? before.acked : 0;
  const record = options.record === undefined ? undefined : openEventRecord(options.record);
  const sender = await openSender(options);
  const production = startProduction({
    nextEvent: createDeviceEvents({ seed, skip: acked }),
    sender,
    rate: options.rate,
    count: options.count,
    record,
    stop: stopOnSignal(),
  });
  const save = (): Promise<void> =>
    options.state === undefined
      ? Promise.resolve()
      : writeState(options.state, { seed, acked: acked + production.ackedPrefix() });
  const stopSaving = repeat(save);
  await runService(
    {
      name: 'device-events',
      counts: production.counts,
      done: production.done,
      close: async () => {
        await sender.close();
        await stopSaving();
        record?.close();
        await save();
      },
    },
    options,
  );
}

/** The seed, and how many events are acknowledged from the first on without a gap. */
function takeProgress({ seed, acked }: Readonly<Record<string, unknown>>) {
  const isCount = typeof acked === 'number' && Number.isSafeInteger(acked) && acked >= 0;
  return typeof seed === 'string' && isCount ? { seed, acked } : undefined;
}

/** Runs the work again and again, one at a time. The returned function ends it and waits for the work in hand. */
function repeat(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (!busy) {
      busy = true;
      // One that fails is tried again; the last one is not hidden.
      last = work()
        .catch(() => undefined)
        .finally(() => {
          busy = false;
        });
    }
  }, SAVE_EACH_MS);
  return async () => {
    clearInterval(timer);
    await last;
  };
}

function openSender(options: ProduceOptions): Promise<EventSender> {
  switch (options.to) {
    case 'kafka':
      return openKafkaSender(describeKafka(options));
    case 'folder':
      return openFolderSender({
        ...options,
        folder: options.folder ?? '',
        prefix: 'device-events',
      });
    case 'stdout':
      return Promise.resolve(openStdoutSender());
  }
}
