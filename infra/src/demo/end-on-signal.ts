/** Aborted by the first signal, so that a demo ends in order; the second ends it at once, and its guardian clears away. */
export function endOnSignal(ended: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (ended.signal.aborted) process.exit(130);
      ended.abort();
    });
  }
}
