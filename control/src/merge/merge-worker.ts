import { followMerge } from './follow-merge.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import type { MergeAnswer, MergeOrder } from './merge-worker-messages.ts';
import { sendable } from './merge-worker-messages.ts';

/*
 * The process that merges for the service, so that copying never delays an answer of the API: follows what it is told
 * to follow, and ends by itself when the service has gone. It decides nothing.
 */

keepHeapSmall();
const following = new Map<number, AbortController>();
/** Milliseconds between two words on one file that copies; the last word is always sent. */
const tellEveryMs = 100;

process.on('message', (order: MergeOrder) => {
  if (order.kind === 'stop') following.get(order.id)?.abort();
  else void follow(order);
});
// A service that was killed closes the channel, too. What is whole is committed, then the loop runs dry.
process.on('disconnect', () => {
  for (const end of following.values()) end.abort();
});
// Ctrl-C in a terminal reaches the whole group: the service decides when its merges end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

async function follow({
  id,
  options,
  everyMs,
}: Extract<MergeOrder, { kind: 'follow' }>): Promise<void> {
  const end = new AbortController();
  following.set(id, end);
  let toldAt = Number.NEGATIVE_INFINITY;
  const last = await followMerge({
    ...options,
    everyMs,
    signal: end.signal,
    onProgress: (progress) => {
      const now = performance.now();
      if (progress.phase === 'merging' && now - toldAt < tellEveryMs) return;
      toldAt = now;
      tell({ kind: 'progress', id, progress: sendable(progress) });
    },
  });
  following.delete(id);
  tell({ kind: 'ended', id, progress: sendable(last) });
}

function tell(answer: MergeAnswer): void {
  if (process.connected) process.send?.(answer);
}
