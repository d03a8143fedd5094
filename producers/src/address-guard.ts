import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Blocks that are not for everybody (IANA IPv4 Special-Purpose Address Registry, and multicast). */
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only global unicast is public, but for these: Teredo and its like, examples, 6to4 (RFC 6890, RFC 9637). */
const GLOBAL_IPV6 = ['2000::/3'];
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const specialIpv4 = listBlocks(SPECIAL_IPV4, 'ipv4');
const globalIpv6 = listBlocks(GLOBAL_IPV6, 'ipv6');
const specialIpv6 = listBlocks(SPECIAL_IPV6, 'ipv6');

/** A connection that was not opened, because the host is, or its name leads to, an address of a private network. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';

  constructor(host: string, address: string) {
    super(host === address ? `${host} is not a public address` : `${host} leads to ${address}`);
  }
}

/** False for loopback, private, link-local, reserved, multicast and mapped addresses, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !specialIpv4.check(address, 'ipv4');
    case 6:
      return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

/**
 * Throws RefusedAddressError when the URL names a private address itself. Names are checked by the lookup of
 * {@link createGuardedLookup}, which Node does not call for addresses.
 */
export function refusePrivateHost(url: URL): void {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) {
    throw new RefusedAddressError(host, host);
  }
}

/**
 * A `lookup` for sockets that fails with RefusedAddressError when any address of the name is private. The socket
 * connects to the very addresses that were checked, so a name that changes its mind meanwhile gains nothing.
 */
export function createGuardedLookup(): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const refused = addresses?.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? new RefusedAddressError(host, 'no address'), '');
      } else if (refused !== undefined) {
        callback(new RefusedAddressError(host, refused.address), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function listBlocks(blocks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', bits] = block.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
