import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addProduceOptions, type ProduceOptions, takeProduceOptions } from './produce-options.ts';

it('goes to Kafka on this machine, one event a second, when nothing is said', () => {
  expect(parse([])).toMatchObject({
    to: 'kafka',
    servers: ['localhost:9092'],
    topic: 'device-data-3',
    partitions: 4,
    replication: 1,
    rate: 1,
    deadline: 30,
  });
  expect(parse([]).count).toBeUndefined();
});

it('reads every option', () => {
  const args = ['--servers', 'a:1, [::1]:2', '--rate', 'max', '--count', '7', '--deadline', '5'];
  expect(parse(args)).toMatchObject({
    servers: ['a:1', '[::1]:2'],
    rate: 'max',
    count: 7,
    deadline: 5,
  });
});

it.each([
  ['--to', 'nowhere', '--to is "nowhere". It must be kafka, folder or stdout.'],
  ['--servers', 'host', 'a port from 1 to 65535'],
  ['--servers', 'a:1,', 'several separated by commas'],
  ['--servers', 'a:70000', 'a port from 1 to 65535'],
  ['--topic', '..', '--topic is "..". It must be 1 to 249'],
  ['--count', '0', '--count is "0". It must be a whole number, 1 or more.'],
  ['--count', '1.5', 'a whole number'],
  ['--rate', '-1', 'events a second'],
  ['--partitions', 'four', 'a whole number'],
  ['--seed', '', '--seed is "". It must be some text.'],
  ['--record', '', 'some text'],
])('refuses %s %j, naming what was found and what is wanted', (name, value, sentence) => {
  expect(() => parse([name, value])).toThrow(sentence);
});

it('asks for the folder that --to folder needs', () => {
  expect(() => parse(['--to', 'folder'])).toThrow('--folder is missing.');
});

it.each([
  [['--folder', 'x']],
  [['--to', 'stdout', '--topic', 'x']],
  [['--to', 'folder', '--folder', 'x', '--servers', 'a:1']],
])('refuses an option that would have no effect: %j', (args) => {
  expect(() => parse(args)).toThrow('has a meaning with');
});

function parse(args: readonly string[]): ProduceOptions {
  const command = addProduceOptions(new Command('test').exitOverride());
  command.parse([...args], { from: 'user' });
  return takeProduceOptions(command);
}
