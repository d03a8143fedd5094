import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkClock, checkDisk, checkFolder } from './machine-checks.mjs';

test('a disk with less free space than needed fails with both sizes', async () => {
  const check = await checkDisk(tmpdir(), Number.MAX_SAFE_INTEGER);
  expect(check).toMatchObject({ id: 'disk', status: 'fail', wanted: '9007199.3 GB must be free.' });
  expect(check.found).toMatch(/has [\d.]+ [GM]B free/);
});

test('the disk of a folder that is not there yet is that of the folder above', async () => {
  expect(await checkDisk(join(tmpdir(), 'not', 'yet'), 1)).toMatchObject({
    status: 'pass',
    fix: null,
  });
});

test('a folder whose name Java would take for two paths fails', async () => {
  const check = await checkFolder('/home/me/a:b');
  expect(check).toMatchObject({ status: 'fail', found: 'The path /home/me/a:b holds :.' });
});

test('a clock of the past fails and says what it shows', async () => {
  const check = await checkClock(0);
  expect(check).toMatchObject({ status: 'fail', found: expect.stringContaining('1970-01-01') });
  expect(await checkClock()).toMatchObject({ status: 'pass' });
});
