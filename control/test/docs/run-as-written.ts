import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../architecture/project-files.ts';

export interface Written {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | undefined;
  readonly output: string;
}

/** Runs a command line of the documentation in a shell, as its reader would. */
export async function runAsWritten(command: string, where: Written): Promise<Ended> {
  const run = await execa('sh', ['-c', command], {
    cwd: where.folder,
    env: where.environment,
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 120_000,
  });
  return { code: run.exitCode, output: run.all };
}

/** The PATH of this process with a `curl` on it: a stand-in where the machine has none. */
export function pathWithCurl(): string {
  const path = process.env.PATH ?? '/usr/bin:/bin';
  const hasCurl = path.split(delimiter).some((folder) => existsSync(join(folder, 'curl')));
  const standIn = join(projectRoot, 'control/test/fixtures/curl');
  return [path, dirname(process.execPath), ...(hasCurl ? [] : [standIn])].join(delimiter);
}
