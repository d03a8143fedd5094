import type { EventCounts } from './produce-events.ts';

/**
 * Prints sent, acked and perSecond each second, and once more when stopped; perSecond is
 * acknowledged events since the line before. Returns the function that stops it.
 */
export function startProgressLines(
  counts: () => EventCounts,
  print: (figures: Readonly<Record<string, number>>) => void,
): () => void {
  let before = { acked: 0, at: performance.now() };
  const printLine = (): void => {
    const { sent, acked } = counts();
    const at = performance.now();
    const perSecond = Math.round(((acked - before.acked) * 1000) / Math.max(at - before.at, 1));
    before = { acked, at };
    print({ sent, acked, perSecond });
  };
  const timer = setInterval(printLine, 1000);
  return () => {
    clearInterval(timer);
    printLine();
  };
}

/** The last line for people. */
export function describeCounts(counts: EventCounts, elapsedMs: number): string {
  const perSecond = Math.round((counts.acked * 1000) / Math.max(elapsedMs, 1));
  return (
    `produce: ${counts.sent} sent, ${counts.acked} acknowledged, ${counts.failed} failed ` +
    `in ${(elapsedMs / 1000).toFixed(1)} s (${perSecond} a second)`
  );
}
