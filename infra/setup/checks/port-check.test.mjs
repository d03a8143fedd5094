import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { checkPort } from './port-check.mjs';

const server = createServer();
afterEach(() => new Promise((resolve) => server.close(resolve)));

test('a taken port fails with the process that has it and the setting that avoids it', async () => {
  const port = await listen('127.0.0.1');
  const check = await checkPort({ port, purpose: 'control API', setting: 'SLUICE_PORT' });
  expect(check).toMatchObject({ id: 'sluice-port', group: 'Ports', status: 'fail' });
  expect(check.found).toContain(`Port ${port} (control API) is taken by process ${process.pid} (`);
  expect(check.fix).toContain(`\`kill ${process.pid}\``);
  expect(check.fix).toContain(`\`SLUICE_PORT=${port + 1}\``);
});

test('a port that somebody holds on all addresses is taken too', async () => {
  const port = await listen('::');
  expect(await checkPort({ port, purpose: 'x', setting: 'X' })).toMatchObject({ status: 'fail' });
});

test('a port that was given back is free, and the check does not keep it', async () => {
  const port = await listen('127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  const need = { port, purpose: 'control API', setting: 'SLUICE_PORT' };
  expect(await checkPort(need)).toMatchObject({ status: 'pass', fix: null });
  expect(await checkPort(need)).toMatchObject({ status: 'pass' });
});

/**
 * @param {string} host
 * @returns {Promise<number>} the port
 */
function listen(host) {
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
