import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

let corrected = false;

/**
 * Corrects the throttle timer of kafkajs 2.2.4 (https://github.com/tulios/kafkajs/issues/1751). Each answered
 * request sets a timer for `throttledUntil - now` although nothing waits; with no throttle that is minus the
 * time since 1970, so Node 24 prints a TimeoutNegativeWarning, waits 1 ms and the timer sets itself again, a
 * thousand times a second and connection. With nothing waiting there is nothing to check later: a request that
 * is put in the queue schedules its own check. Silencing the warning would hide other people's warnings and
 * leave the loop. kafkajs is pinned and no longer released, so its inner path stays valid.
 */
export function correctThrottleTimer(): void {
  if (corrected) {
    return;
  }
  corrected = true;
  const queue: { readonly prototype: RequestQueue } = createRequire(import.meta.url)(
    'kafkajs/src/network/requestQueue',
  );
  const schedule = queue.prototype.scheduleCheckPendingRequests;
  queue.prototype.scheduleCheckPendingRequests = function scheduleWhenWaiting(this: RequestQueue) {
    if (this.pending.length > 0) {
      schedule.call(this);
    }
  };
}
