import { Command } from 'commander';
import { expect, it } from 'vitest';
import {
  addCryptoOptions,
  type CryptoOptions,
  describeSource,
  takeCryptoOptions,
} from './crypto-options.ts';
import { addressPage } from './markets-source.ts';

it('asks for the hundred largest coins in dollars each five minutes when nothing is said', () => {
  const options = parse([]);
  expect(options).toMatchObject({
    to: 'folder',
    folder: 'data',
    prefix: 'finance/',
    interval: 300,
  });
  expect(options.count).toBeUndefined();
  expect(addressPage(describeSource(options, {}), 1).href).toBe(
    'https://api.coingecko.com/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=100&page=1&price_change_percentage=1h%2C24h%2C7d',
  );
});

it('takes five minutes for each page, because each is charged', () => {
  expect(parse(['--pages', '4']).interval).toBe(1200);
});

it.each([
  [['--to', 'nowhere'], '--to is "nowhere". It must be folder, s3, kafka or stdout.'],
  [['--per-page', '251'], 'a whole number, 1 to 250'],
  [['--pages', '0'], 'a whole number, 1 to 100'],
  [['--vs-currency', 'usd&x=1'], 'the short name of a currency'],
  [['--interval', '0'], 'a whole number, 1 to 86400'],
  [['--base-url', 'ftp://a'], 'the http or https address'],
  [['--base-url', 'https://me:secret@a'], 'without user'],
  [['--base-url', 'https://a/?key=1'], 'without user, query and fragment'],
  [['--prefix', '../up/'], 'folders of the characters'],
  [['--prefix', '/root/'], 'folders of the characters'],
  [['--prefix', 'finance'], 'end with a slash'],
  [['--to', 's3', '--bucket', 'A_b'], 'the name of an S3 bucket'],
  [['--to', 's3'], '--bucket is missing. --to s3 needs it'],
  [
    ['--bucket', 'prices'],
    '--bucket is given with --to folder. It has a meaning with --to s3 only.',
  ],
  [['--to', 'stdout', '--prefix', 'a/'], 'a meaning with --to folder or s3 only'],
  [['--topic', 'x'], 'a meaning with --to kafka only'],
  [['--base-url', 'http://example.org'], 'It must begin with https'],
  [['--interval', '269'], '--interval is 269. It must be 270 or more for 1 pages'],
  [['--interval', '300', '--pages', '2'], 'It must be 540 or more for 2 pages'],
])('refuses %j, naming what was found and what is wanted', (args, sentence) => {
  expect(() => parse(args)).toThrow(sentence);
});

it('may ask fast when told so, and any server that is not the public one', () => {
  expect(parse(['--interval', '10', '--allow-fast']).interval).toBe(10);
  expect(parse(['--interval', '1', '--base-url', 'https://example.org']).interval).toBe(1);
});

it('takes the key from the environment, and none when it is empty', () => {
  const options = parse([]);
  expect(describeSource(options, { COINGECKO_DEMO_KEY: ' CG-12345678\n' }).key).toBe('CG-12345678');
  expect(describeSource(options, { COINGECKO_DEMO_KEY: '' }).key).toBeUndefined();
});

it.each(['CG-with space', 'CG-line\nfeed', 'short', 'CG-\u00e9\u00e9\u00e9\u00e9\u00e9'])(
  'refuses the key %j without repeating it',
  (key) => {
    const attempt = () => describeSource(parse([]), { COINGECKO_DEMO_KEY: key });
    expect(attempt).toThrow('COINGECKO_DEMO_KEY has');
    expect(attempt).not.toThrow(key.slice(0, 4) === 'shor' ? 'short' : 'CG-');
  },
);

function parse(args: readonly string[]): CryptoOptions {
  const command = addCryptoOptions(new Command('test').exitOverride());
  command.parse([...args], { from: 'user' });
  return takeCryptoOptions(command);
}
