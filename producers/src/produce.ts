import { Command, CommanderError } from 'commander';
import { addCryptoOptions, takeCryptoOptions } from './crypto-markets/crypto-options.ts';
import { produceCryptoMarkets } from './crypto-markets/produce-crypto-markets.ts';
import { produceDeviceEvents } from './produce-device-events.ts';
import { addProduceOptions, takeProduceOptions } from './produce-options.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';
import { setLogFormat, tellTerminal } from './terminal.ts';
import { addWebPageOptions, takeWebPageOptions } from './web-page/web-page-options.ts';

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
  const webPage = command
    .command('web-page')
    .description('Rows of a page of the web, when they are new or have changed.');
  addWebPageOptions(webPage).action(async () => {
    const options = takeWebPageOptions(webPage);
    // The parsers of HTML take a while to load, and only this needs them.
    const { produceWebPage } = await import('./web-page/produce-web-page.ts');
    await produceWebPage(options);
  });
  command.hook('preAction', (_command, chosen) => setLogFormat(chosen.opts().log));
  return command;
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
      tellTerminal(`produce: ${caught.message} ${caught.next}`, 'error');
    }
    return caught.exit;
  }
  tellTerminal(`produce: Something failed inside: ${describeProblem(caught)}`, 'error');
  tellTerminal(caught instanceof Error ? (caught.stack ?? '') : '', 'error');
  return 1;
}

if (import.meta.main) {
  // Retries of kafkajs that nobody waits for any more would keep the process alive.
  process.exit(await runProduce(process.argv.slice(2)));
}
