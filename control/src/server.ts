import { once } from 'node:events';
import { type Logger, pino } from 'pino';
import { buildApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { SluiceError } from './errors/sluice-error.ts';
import type { Api } from './http/api-instance.ts';
import { openService } from './pipeline/open-service.ts';
import type { Report } from './watch/watch-tools.ts';

export interface RunningServer {
  readonly url: string;
  /** Stops the drivers, to be started again by the next service. */
  pause(): Promise<void>;
  /** Takes no more requests, finishes those in hand, then lets the state go. Drivers go on. */
  close(): Promise<void>;
}

/** Opens the service and listens. Throws STATE_OWNED, PORT_TAKEN and what openService throws. */
export async function startServer(
  config: Config,
  log: Logger = pino(pino.destination(2)),
): Promise<RunningServer> {
  const service = openService(config, { report: reportTo(log) });
  const { api } = await buildApp(service, log);
  try {
    const url = await listen(api, config);
    return {
      url,
      pause: () => service.watcher.pause(),
      close: async () => {
        await api.close();
        await service.close();
      },
    };
  } catch (error) {
    await api.close();
    await service.close();
    throw error;
  }
}

export interface ServeOptions {
  /** End when standard input closes, so that a parent that dies leaves nothing behind. */
  readonly withParent: boolean;
}

/**
 * Runs the service until it is told to end: says on standard output where it listens, as one JSON line; the first
 * SIGTERM or SIGINT drains, the second ends at once.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const log = pino(pino.destination(2));
  const config = readConfig();
  const server = await startServer(config, log);
  const end = waitForEnd(options);
  process.stdout.write(`${JSON.stringify({ listening: server.url })}\n`);
  log.info({ url: server.url }, 'listening');
  log.info({ why: await end, drivers: config.driversEnd }, 'ending');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
  if (config.driversEnd === 'with-service') await server.pause();
  await server.close();
  log.info('ended');
  // Standard input may still be open, and nothing is left to do.
  process.exit(0);
}

async function waitForEnd({ withParent }: ServeOptions): Promise<string> {
  const ends = ['SIGTERM', 'SIGINT'].map(async (signal) => {
    await once(process, signal);
    return signal;
  });
  if (withParent) ends.push(waitForInputEnd());
  return Promise.race(ends);
}

async function waitForInputEnd(): Promise<string> {
  process.stdin.resume();
  await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close')]);
  return 'the parent has ended';
}

async function listen(api: Api, { host, port }: Config): Promise<string> {
  try {
    return await api.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SluiceError('PORT_TAKEN', { host, port }, { cause: error });
  }
}

function reportTo(log: Logger): Report {
  return (level, message, detail = {}) => log[level](detail, message);
}
