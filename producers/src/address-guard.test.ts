import { expect, it } from 'vitest';
import { createGuardedLookup, isPublicAddress, refusePrivateHost } from './address-guard.ts';

it.each([
  ...['1.1.1.1', '8.8.8.8', '104.16.0.1', '172.15.255.255', '172.32.0.0', '223.255.255.255'],
  ...['2606:4700::1111', '2a00:1450:4001::200e'],
])('takes %s for public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255'],
  ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '192.0.2.1', '198.18.0.1', '224.0.0.1'],
  ...['255.255.255.255', '::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1'],
  ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::'],
  ...['2001:db8::1', '2001::1', 'fd00:ec2::254', 'localhost', '', '1.1.1', '0x7f.1'],
])('takes %j for private', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://[::1]:80/',
  'http://[::ffff:169.254.169.254]/',
  'https://169.254.169.254/latest/meta-data/',
])('refuses %s, however it is written', (url) => {
  expect(() => refusePrivateHost(new URL(url))).toThrow('is not a public address');
});

it('leaves names to the lookup', () => {
  expect(() => refusePrivateHost(new URL('http://localhost/'))).not.toThrow();
});

it.each([{}, { all: true }])(
  'refuses a name that leads to a private address, asked with %j',
  async (options) => {
    const problem = await new Promise((resolve) => {
      createGuardedLookup()('localhost', options, resolve);
    });
    expect(String(problem)).toMatch(/localhost leads to (127\.0\.0\.1|::1)/);
  },
);
