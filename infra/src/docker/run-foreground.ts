import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a program in place of this one, as far as a container can tell: its output is ours, it gets our signals, and
 * we end as it ends.
 */
export async function runForeground(
  file: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const child = spawn(file, words, { env: environment, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // Java ends with 143 when it was asked to end and did.
  process.exit(signal === null && code !== 143 ? (code ?? 1) : 0);
}
