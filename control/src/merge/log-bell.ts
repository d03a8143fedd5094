import { absolutePlace, joinPlace } from '../storage/place.ts';
import type { FilePort, StopWatching } from './file-port.ts';
import { isLogName } from './sink-log.ts';

/**
 * Wakes a follower when Spark has committed a batch, where the system tells of changes in a folder; otherwise, and on
 * network file systems, after the polling interval.
 */
export class LogBell {
  readonly #port: FilePort;
  readonly #folder: string;
  #stop: StopWatching | undefined;
  #rung = false;
  #wake: () => void = () => undefined;

  constructor(port: FilePort, directory: string) {
    this.#port = port;
    this.#folder = joinPlace(absolutePlace(directory), '_spark_metadata');
  }

  /** Begins to listen; call it before each look, so that no change falls between look and wait. */
  listen(): void {
    this.#rung = false;
    // The folder is made by Spark with the first batch; until then there is nothing to watch.
    this.#stop ??= this.#port.watch?.(this.#folder, (name) => this.#hear(name));
  }

  /** Returns when a batch was committed since `listen`, or after so many milliseconds, or when told to end. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#rung || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', this.#wake, { once: true });
    });
    signal.removeEventListener('abort', this.#wake);
    this.#wake = () => undefined;
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Undefined: the folder has gone, or can no longer be watched. */
  #hear(name: string | undefined): void {
    if (name === undefined) this.close();
    else if (!isLogName(name)) return;
    this.#rung = true;
    this.#wake();
  }
}
