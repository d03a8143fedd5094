import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { addCryptoOptions, takeCryptoOptions } from './crypto-markets/crypto-options.ts';
import { produceCryptoMarkets } from './crypto-markets/produce-crypto-markets.ts';
import { createDeviceEvents } from './device-events.ts';
import { openEventRecord } from './event-record.ts';
import type { EventSender } from './event-sender.ts';
import { openFolderSender } from './folder-sender.ts';
import { openKafkaSender } from './kafka-sender.ts';
import { startProduction } from './produce-events.ts';
import { addProduceOptions, type ProduceOptions, takeProduceOptions } from './produce-options.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';
import { describeCounts, startProgressLines } from './progress-lines.ts';
import { openStdoutSender } from './stdout-sender.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { tellTerminal } from './terminal.ts';

/**
 * Runs the command line (without node and script) and returns the exit code: 0 done or stopped by a signal with
 * everything acknowledged, 1 failed, 2 called wrongly. Prints to standard error, events apart.
 */
export async function runProduce(args: readonly string[]): Promise<number> {
  try {
    await createCommand().parseAsync([...args], { from: 'user' });
    return 0;
  } catch (caught) {
    return report(caught);
  }
}

function createCommand(): Command {
  const command = new Command('produce')
    .description('Feeds Kafka, a folder, an S3 bucket or standard output.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  const deviceEvents = command
    .command('device-events')
    .description('Random readings of devices: which customer, which device, how warm.');
  addProduceOptions(deviceEvents).action(() =>
    produceDeviceEvents(takeProduceOptions(deviceEvents)),
  );
  const cryptoMarkets = command
    .command('crypto-markets')
    .description('Snapshots of coins and their prices, from the API of CoinGecko.');
  addCryptoOptions(cryptoMarkets).action(() =>
    produceCryptoMarkets(takeCryptoOptions(cryptoMarkets)),
  );
  return command;
}

async function produceDeviceEvents(options: ProduceOptions): Promise<void> {
  const record = options.record === undefined ? undefined : openEventRecord(options.record);
  const sender = await openSender(options);
  const started = performance.now();
  const production = startProduction({
    nextEvent: createDeviceEvents({ seed: options.seed ?? randomUUID() }),
    sender,
    rate: options.rate,
    count: options.count,
    record,
    stop: stopOnSignal(),
  });
  const stopProgress = options.progress
    ? startProgressLines(production.counts, tellTerminal)
    : undefined;
  try {
    await production.done;
  } finally {
    await sender.close();
    record?.close();
    stopProgress?.();
    tellTerminal(describeCounts(production.counts(), performance.now() - started));
  }
}

function openSender(options: ProduceOptions): Promise<EventSender> {
  switch (options.to) {
    case 'kafka':
      return openKafkaSender({
        ...options,
        deadlineMs: options.deadline * 1000,
        onNotice: (sentence) => tellTerminal(`produce: ${sentence}`),
      });
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

function report(caught: unknown): number {
  if (caught instanceof CommanderError) {
    if (caught.exitCode === 0) {
      return 0;
    }
    // Without a command commander has printed the help and has nothing to say itself.
    const message = caught.code === 'commander.help' ? 'no command is given' : caught.message;
    const problem = message.replace(/^error: /, '').replace(/\.$/, '');
    return report(new ProducerError('USAGE', { problem }));
  }
  if (caught instanceof ProducerError) {
    if (caught.exit !== 0) {
      tellTerminal(`produce: ${caught.message} ${caught.next}`);
    }
    return caught.exit;
  }
  tellTerminal(`produce: Something failed inside: ${describeProblem(caught)}`);
  tellTerminal(caught instanceof Error ? (caught.stack ?? '') : '');
  return 1;
}

if (import.meta.main) {
  // Retries of kafkajs that nobody waits for any more would keep the process alive.
  process.exit(await runProduce(process.argv.slice(2)));
}
