import { join } from 'node:path';
import { describeKafka } from '../kafka-options.ts';
import { openKafkaSender } from '../kafka-sender.ts';
import { runService } from '../run-service.ts';
import { readState, writeState } from '../state-file.ts';
import { openStdoutSender } from '../stdout-sender.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { tellTerminal } from '../terminal.ts';
import { startCollection } from './collect-on-schedule.ts';
import { collectSnapshot } from './collect-snapshot.ts';
import { type CryptoOptions, describeSource } from './crypto-options.ts';
import { sendSnapshotsAsEvents } from './snapshot-events.ts';
import { openSnapshotFolder } from './snapshot-folder.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** Collects snapshots until all are taken or a signal comes. Throws ProducerError. */
export async function produceCryptoMarkets(options: CryptoOptions): Promise<void> {
  const source = describeSource(options, process.env);
  const store = await openStore(options);
  const stop = stopOnSignal();
  const onNotice = (sentence: string): void => tellTerminal(`produce: ${sentence}`);
  const collection = startCollection({
    collect: async (at, timeMs) => {
      await keepTurn(options, at);
      return collectSnapshot({ source, at, timeMs, stop, onNotice });
    },
    store,
    intervalMs: options.interval * 1000,
    startAfterMs: await waitAfterRestart(options),
    count: options.count,
    stop,
    onStored: (name, { coins }) => onNotice(`${name} holds ${coins} coins.`),
    onFailure: (failure) => onNotice(`${failure.message} ${failure.next}`),
  });
  const { counts, done } = collection;
  const close = (): Promise<void> => store.close();
  await runService({ name: 'crypto-markets', counts, done, close }, options);
}

async function keepTurn({ state }: CryptoOptions, at: Date): Promise<void> {
  if (state !== undefined) {
    await writeState(state, { lastTurn: at.toISOString() });
  }
}

/** A service that is started again and again must not use up the quota. So many turns are wanted at once. */
async function waitAfterRestart({ state, count, interval }: CryptoOptions): Promise<number> {
  const last = state === undefined ? undefined : await readState(state, takeLastTurn);
  const left = last === undefined || count !== undefined ? 0 : last + interval * 1000 - Date.now();
  return Math.min(Math.max(left, 0), interval * 1000);
}

function takeLastTurn({ lastTurn }: Readonly<Record<string, unknown>>): number | undefined {
  const last = typeof lastTurn === 'string' ? Date.parse(lastTurn) : Number.NaN;
  return Number.isNaN(last) ? undefined : last;
}

async function openStore(options: CryptoOptions): Promise<SnapshotStore> {
  const { folder, bucket = '', prefix } = options;
  switch (options.to) {
    case 'folder':
      return openSnapshotFolder(join(folder, prefix));
    case 's3': {
      // The SDK is large, and only this needs it.
      const { openSnapshotBucket } = await import('./snapshot-bucket.ts');
      return openSnapshotBucket({ bucket, prefix });
    }
    case 'stdout':
      return sendSnapshotsAsEvents(openStdoutSender());
    case 'kafka':
      return sendSnapshotsAsEvents(await openKafkaSender(describeKafka(options)));
  }
}
