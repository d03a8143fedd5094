import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MergeOptions } from '../merge/merge-settings.ts';
import type { MergeAnswer, MergeOrder, SentProgress } from '../merge/merge-worker-messages.ts';

const program = join(import.meta.dirname, '../merge/merge-worker.ts');
/** How long the process may take to commit what is whole when it is told to end. */
const endingMs = 10_000;

/** One merged file that is being followed in the merge process. */
export interface Following {
  /** The last progress, or how the process ended before it could say it. */
  readonly ended: Promise<{ readonly last: SentProgress } | { readonly gone: string }>;
  /** Asks it to end after what is whole has been committed. */
  stop(): void;
}

type TakeProgress = (progress: SentProgress) => void;

interface Listener {
  readonly take: TakeProgress;
  readonly end: (how: { readonly last: SentProgress } | { readonly gone: string }) => void;
}

/** The process that merges for this service: started when first needed, and anew after its death when needed again. */
export class MergeProcess {
  #child: ChildProcess | undefined;
  #nextId = 1;
  readonly #listeners = new Map<number, Listener>();

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  follow(options: MergeOptions, everyMs: number, take: TakeProgress): Following {
    const id = this.#nextId;
    this.#nextId += 1;
    const { promise: ended, resolve: end } = Promise.withResolvers<Awaited<Following['ended']>>();
    this.#listeners.set(id, { take, end });
    const child = this.#running();
    give(child, { kind: 'follow', id, options, everyMs });
    return { ended, stop: () => give(child, { kind: 'stop', id }) };
  }

  /** Ends the process. Whoever is still followed is committed as far as it is whole. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    if (child.connected) child.disconnect();
    const late = new AbortController();
    await Promise.race([
      gone,
      pause(endingMs, undefined, { signal: late.signal }).then(() => child.kill('SIGKILL')),
    ]);
    late.abort();
  }

  #running(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child = child;
    child.on('message', (answer: MergeAnswer) => this.#hear(answer));
    child.on('error', (error) => this.#mourn(child, String(error)));
    child.on('exit', (code, signal) => this.#mourn(child, String(signal ?? `exit status ${code}`)));
    return child;
  }

  #hear({ kind, id, progress }: MergeAnswer): void {
    const listener = this.#listeners.get(id);
    if (kind === 'progress') {
      listener?.take(progress);
      return;
    }
    this.#listeners.delete(id);
    listener?.end({ last: progress });
  }

  #mourn(child: ChildProcess, gone: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const { end } of this.#listeners.values()) end({ gone });
    this.#listeners.clear();
  }
}

/** A process that is just dying takes no orders; its exit tells everybody. */
function give(child: ChildProcess, order: MergeOrder): void {
  if (child.connected) child.send(order, () => undefined);
}
