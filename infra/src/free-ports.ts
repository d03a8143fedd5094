import { createServer, type Server } from 'node:net';

/**
 * The wanted port of 127.0.0.1 (0 means any free one) and a second free one. Both are held at once, so that the
 * system cannot give the same port twice, and let go before this resolves. Throws the system's error when the
 * wanted one is taken: another server that listens there would be mistaken for the one to be started.
 */
export async function claimPorts(wanted: number): Promise<readonly [number, number]> {
  const first = createServer();
  const second = createServer();
  try {
    return [await takePort(first, wanted), await takePort(second, 0)];
  } finally {
    await Promise.all([release(first), release(second)]);
  }
}

function takePort(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
