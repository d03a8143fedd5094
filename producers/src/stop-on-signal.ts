import { tellTerminal } from './terminal.ts';

/** Aborted by the first SIGINT or SIGTERM; the second ends at once, for a destination that keeps us waiting. */
export function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  const receive = (): void => {
    if (stop.signal.aborted) {
      tellTerminal(
        'produce: ended at once by a second signal; events under way may or may not have arrived.',
      );
      process.exit(1);
    }
    stop.abort();
  };
  process.on('SIGINT', receive);
  process.on('SIGTERM', receive);
  return stop.signal;
}
