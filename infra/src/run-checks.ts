import { execa } from 'execa';
import pc from 'picocolors';

/** One command that must exit with 0. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const NAME_WIDTH = 12;

/**
 * Runs all checks side by side, and says one line about each as it ends: its name, the verdict and the seconds it
 * took. What a check printed is shown only when it failed.
 * @param folder working folder of the commands
 * @returns the names of the checks that failed
 */
export async function runChecks(
  checks: readonly Check[],
  folder: string,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const failed: string[] = [];
  await Promise.all(
    checks.map(async (check) => {
      const verdict = await runCheck(check, folder);
      say(describe(check, verdict));
      if (!verdict.good) failed.push(check.name);
    }),
  );
  return failed;
}

interface Verdict {
  readonly good: boolean;
  readonly seconds: number;
  readonly output: string;
}

async function runCheck(check: Check, folder: string): Promise<Verdict> {
  const run = await execa(check.command, check.args, {
    cwd: folder,
    all: true,
    reject: false,
    stdin: 'ignore',
  });
  // A command that could not even be started has no output; its reason is in the message.
  const output = run.all === undefined || run.all === '' ? (run.message ?? '') : run.all;
  return { good: !run.failed, seconds: run.durationMs / 1000, output };
}

function describe(check: Check, verdict: Verdict): string {
  const mark = verdict.good ? pc.green('ok    ') : pc.red('failed');
  const line = `${mark} ${check.name.padEnd(NAME_WIDTH)} ${verdict.seconds.toFixed(1).padStart(5)} s`;
  return verdict.good ? line : `${line}\n${verdict.output}\n`;
}
