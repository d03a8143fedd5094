import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { openStdoutSender } from './stdout-sender.ts';

const event = { key: 'k', value: 'x'.repeat(1023) };
const mebibyte = Array.from({ length: 1024 }, () => event);

it('writes values as lines, in order', async () => {
  const { output, written, release } = createSlowOutput();
  release();
  const sender = openStdoutSender(output);
  const first = { key: '1', value: 'first' };
  await Promise.all([sender.send([first, { key: '2', value: 'second' }]), sender.send([first])]);
  await sender.flush();
  expect(written.join('')).toBe('first\nsecond\nfirst\n');
});

it('has no room while a slow reader leaves a mebibyte waiting', async () => {
  const { output, release } = createSlowOutput();
  const sender = openStdoutSender(output);
  const order: string[] = [];
  await sender.ready();
  const sent = sender.send(mebibyte).then(() => order.push('sent'));
  const ready = sender.ready().then(() => order.push('ready'));
  await new Promise((turn) => setImmediate(turn));
  expect(order).toEqual([]);
  release();
  await Promise.all([sent, ready]);
  expect(order.toSorted()).toEqual(['ready', 'sent']);
});

it('fails with READER_GONE, now and later, when the reader has gone', async () => {
  const sender = openStdoutSender(createBrokenOutput('EPIPE'));
  await expect(sender.send([event])).rejects.toMatchObject({ code: 'READER_GONE', exit: 0 });
  await expect(sender.send([event])).rejects.toMatchObject({ code: 'READER_GONE' });
  await expect(sender.flush()).rejects.toMatchObject({ code: 'READER_GONE' });
  await sender.ready();
  await sender.close();
});

it('fails with OUTPUT_FAILED when the disk behind it is full', async () => {
  const sender = openStdoutSender(createBrokenOutput('ENOSPC'));
  await expect(sender.send([event])).rejects.toMatchObject({ code: 'OUTPUT_FAILED', exit: 1 });
});

/** Takes nothing until released. */
function createSlowOutput(): {
  readonly output: Writable;
  readonly written: string[];
  release(): void;
} {
  const written: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const output = new Writable({
    write(chunk, _encoding, done) {
      void promise.then(() => {
        written.push(String(chunk));
        done();
      });
    },
  });
  return { output, written, release: resolve };
}

function createBrokenOutput(code: string): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}
