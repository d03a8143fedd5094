import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface DriverProcess {
  readonly pid: number;
  readonly group: number;
}

/**
 * The live processes whose arguments name this run (`--run-id ID`): the wrapper, spark-submit's JVM and the
 * job's Python. Throws what reading the process table throws.
 */
export function findDriverProcesses(runId: string): readonly DriverProcess[] {
  return process.platform === 'linux' ? findInProc(runId) : findByPs(runId);
}

function findInProc(runId: string): readonly DriverProcess[] {
  const mark = `\0--run-id\0${runId}\0`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProc(pid, 'cmdline').includes(mark))
    .map((pid) => ({ pid: Number(pid), group: groupOf(readProc(pid, 'stat')) }))
    .filter((found) => found.group > 0);
}

/** Empty when the process has ended meanwhile. */
function readProc(pid: string, file: 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Field 5 of proc(5) stat; a zombie gives 0, because it has ended. */
function groupOf(stat: string): number {
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? 0 : Number(group ?? 0);
}

function findByPs(runId: string): readonly DriverProcess[] {
  const text = execFileSync('ps', ['-axo', 'pid=,pgid=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return text
    .split('\n')
    .filter((line) => ` ${line} `.includes(` --run-id ${runId} `))
    .map((line) => line.trim().split(/\s+/, 2).map(Number))
    .map(([pid = 0, group = 0]) => ({ pid, group }));
}
