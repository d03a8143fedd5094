import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names one process for good: a pid alone is given out again, so its start time and the boot of the machine
 * are kept beside it. `startTime` is in clock ticks since boot on Linux (proc(5), field 22 of stat), and the
 * text that `ps -o lstart` prints elsewhere.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/**
 * The identity of a live process, or undefined when none has this pid. A zombie counts as gone, and so does one that
 * has given back its memory on its way out, which takes a large one a while: no line of its program runs any more.
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : psStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime, bootId: bootId() };
}

/** True while exactly this process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now?.startTime === identity.startTime && now.bootId === identity.bootId;
}

/**
 * Names this boot of the machine and its numbering of processes: processes for which both are the same can look at
 * each other by pid. Undefined where nothing tells, which is everywhere but on Linux.
 */
export function thisMachine(): string | undefined {
  try {
    return `${bootId()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/**
 * Names this life of the machine or container: its processes all end with it, and none of another life can be seen.
 * A number of a namespace is given out again, so the start of its first process is kept beside it.
 */
export function thisLife(): string {
  return [thisMachine() ?? bootId(), identifyProcess(1)?.startTime ?? ''].join(' ');
}

function linuxStartTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name stands in brackets and may hold spaces, so fields are counted from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Field 23 of proc(5) is the size of its memory; the threads of the kernel have none either, and are not asked for.
  const [state, startTime, memory] = [fields[0], fields[19], fields[20]];
  return state === 'Z' || state === 'X' || memory === '0' ? undefined : startTime;
}

function psStartTime(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  if (process.platform === 'linux') {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  }
  return execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim();
}
