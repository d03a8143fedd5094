import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('without settings it is loopback, port 8350 and folders inside the project', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ host: '127.0.0.1', port: 8350, url: 'http://127.0.0.1:8350' });
  expect(config.stateFolder).toBe(`${config.workFolder}/.sluice/state`);
  expect(config.roots).toEqual([config.workFolder]);
  expect(Object.isFrozen(config)).toBe(true);
});

test('folders and places in buckets can both be allowed', () => {
  const { roots } = readConfig({ SLUICE_ROOTS: '/data:s3://rows/a:s3a://more:/x' });
  expect(roots).toEqual(['/data', 's3://rows/a', 's3a://more', '/x']);
});

test('AWS is us-east-1 at its own addresses unless the usual variables say otherwise', () => {
  expect(readConfig({}).aws).toEqual({ region: 'us-east-1' });
  const settings = { AWS_DEFAULT_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566/' };
  expect(readConfig(settings).aws).toEqual({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:4566',
  });
  expect(readConfig({ ...settings, AWS_REGION: 'us-gov-west-1' }).aws.region).toBe('us-gov-west-1');
});

test('other addresses than loopback are for those who say that they trust the network', () => {
  const host = { SLUICE_HOST: '0.0.0.0' };
  expect(readConfig({ ...host, SLUICE_TRUST_NETWORK: 'yes' }).host).toBe('0.0.0.0');
  expect(() => readConfig({ ...host, SLUICE_TRUST_NETWORK: 'true' })).toThrow('no log-in yet');
});

test.each([
  ['SLUICE_HOST', '0.0.0.0', 'there is no log-in yet'],
  ['SLUICE_DRIVERS_END', 'never', '`on-their-own` or `with-service`'],
  ['SLUICE_PORT', '70000', 'a number from 0 to 65535'],
  ['SLUICE_PORT', 'x', 'a number'],
  ['SLUICE_DRIVER_MEMORY', '1g --conf x', 'a size such as'],
  ['SLUICE_DRIVER_CORES', '0', 'a number from 1'],
  ['SLUICE_ROOTS', 'data', 'absolute folders'],
  ['SLUICE_ROOTS', '/data:http://rows', 'addresses such as s3://bucket'],
  ['SLUICE_ROOTS', 's3://', 'addresses such as s3://bucket'],
  ['SLUICE_URL', 'ftp://x', 'an http address'],
  ['AWS_REGION', 'Frankfurt', 'a region of AWS'],
  ['AWS_ENDPOINT_URL', 'localhost:4566', 'an http address'],
  ['SLUICE_STOP_DEADLINE_SECONDS', '-1', 'a number'],
])('%s %s is refused with what it must be', (name, value, wanted) => {
  expect(() => readConfig({ [name]: value })).toThrow(wanted);
  expect(() => readConfig({ [name]: value })).toThrow(name);
});
