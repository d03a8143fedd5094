import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { SluiceError } from '../errors/sluice-error.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from '../process-identity.ts';
import type { LocalHandle } from '../store/run-handle.ts';
import { readLogPage } from './driver-log.ts';
import { type DriverProcess, findDriverProcesses } from './driver-processes.ts';
import type { DriverRequest, Executor, Observation } from './executor.ts';
import type { Runtime } from './runtime.ts';
import {
  classDataRefusal,
  type DriverSettings,
  driverEnvironment,
  sparkSubmitCommand,
} from './spark-submit-arguments.ts';

const wrapper = join(import.meta.dirname, 'run-driver.sh');
const launchDeadlineMs = 10_000;

export interface LocalOptions {
  /** Read at each submit, so that set-up may run again while the service does. */
  readonly runtime: () => Runtime;
  readonly settings: DriverSettings;
  /** The service's own environment; drivers get a few variables of it. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs drivers on this machine through spark-submit, each in a process group of its own that outlives the
 * service. Everything it knows about a driver is in the run folder: started/, pid, exit and driver.log.
 */
export function localSparkSubmit(options: LocalOptions): Executor<LocalHandle> {
  const launching = new Map<string, Promise<LocalHandle>>();
  return {
    target: 'local',
    submit: (request) => {
      const known = launching.get(request.runId);
      const launched = known ?? launch(request, options);
      launching.set(request.runId, launched);
      return launched.finally(() => launching.delete(request.runId));
    },
    find: findHandle,
    observe,
    kill,
    readLog: (handle, from, lines) =>
      readLogPage(join(handle.runFolder, 'driver.log'), from, lines),
  };
}

/** The wrapper lets only one driver of a run folder through, so a launch that is repeated adopts. */
async function launch(request: DriverRequest, options: LocalOptions): Promise<LocalHandle> {
  const found = await findHandle(request.runId, request.runFolder);
  if (found) return found;
  const runtime = options.runtime();
  await mkdir(request.runFolder, { recursive: true });
  await startLog(request.runFolder, classDataRefusal(runtime));
  await spawnDetached(request, runtime, options);
  return waitForHandle(request);
}

/** The wrapper appends to it; made here, so that only its owner can read it. */
async function startLog(runFolder: string, line: string | undefined): Promise<void> {
  const text = line === undefined ? '' : `sluice: ${line}\n`;
  await appendFile(join(runFolder, 'driver.log'), text, { mode: 0o600 });
}

async function spawnDetached(
  request: DriverRequest,
  runtime: Runtime,
  options: LocalOptions,
): Promise<void> {
  const command = sparkSubmitCommand(request, runtime, options.settings);
  const driver = execa(wrapper, [request.runFolder, ...command], {
    cwd: request.workFolder,
    env: driverEnvironment(request, runtime, options.environment),
    extendEnv: false,
    detached: true,
    cleanup: false,
    stdio: 'ignore',
    reject: false,
  });
  if (driver.pid === undefined) {
    const result = await driver;
    throw notStarted(result.shortMessage ?? 'unknown');
  }
  driver.nodeChildProcess.unref();
}

/** The pid file appears before the driver starts; without it within the deadline nothing was started. */
async function waitForHandle(request: DriverRequest): Promise<LocalHandle> {
  const deadline = performance.now() + launchDeadlineMs;
  while (performance.now() < deadline) {
    const handle = await readHandle(request.runId, request.runFolder);
    if (handle) return handle;
    await pause(10);
  }
  throw notStarted(`no pid file appeared in ${request.runFolder}`);
}

function notStarted(problem: string): SluiceError {
  return new SluiceError('RUN_NOT_STARTED', { problem });
}

/** A wrapper that is there but has not written its pid file yet is waited for. */
async function findHandle(runId: string, runFolder: string): Promise<LocalHandle | undefined> {
  const deadline = performance.now() + launchDeadlineMs;
  let launching: boolean;
  do {
    launching = findDriverProcesses(runId).length > 0;
    const handle = await readHandle(runId, runFolder);
    if (handle) return handle;
    if (launching) await pause(10);
  } while (launching && performance.now() < deadline);
  return undefined;
}

async function readHandle(runId: string, runFolder: string): Promise<LocalHandle | undefined> {
  const pid = Number(await readOrEmpty(join(runFolder, 'pid')));
  if (!(pid > 0)) return undefined;
  return { target: 'local', runId, process: identityInRun(pid, runId), runFolder };
}

/** A process that has ended, or whose pid was given to another, gets an identity that no live process has. */
function identityInRun(pid: number, runId: string): ProcessIdentity {
  const live = findDriverProcesses(runId).some((found) => found.pid === pid);
  const identity = live ? identifyProcess(pid) : undefined;
  return identity ?? { pid, startTime: 'ended', bootId: 'ended' };
}

async function observe(handle: LocalHandle): Promise<Observation> {
  try {
    return (await readEnd(handle)) ?? (await observeProcesses(handle));
  } catch (error) {
    return { kind: 'unreachable', why: error instanceof Error ? error.message : String(error) };
  }
}

async function readEnd({ runFolder }: LocalHandle): Promise<Observation | undefined> {
  const text = (await readOrEmpty(join(runFolder, 'exit'))).trim();
  if (text === '') return undefined;
  const exitCode = Number(text);
  return exitCode === 0 ? { kind: 'succeeded' } : { kind: 'failed', exitCode };
}

async function observeProcesses(handle: LocalHandle): Promise<Observation> {
  if (isAlive(handle.process) || membersOf(handle).length > 0) return { kind: 'running' };
  // The wrapper may have written the status and ended between the two looks.
  const end = await readEnd(handle);
  return end ?? { kind: 'gone', why: `process ${handle.process.pid} is not there` };
}

/** Signals the whole process group, after making sure that it is still this run's. */
async function kill(handle: LocalHandle, how: 'terminate' | 'force'): Promise<void> {
  if (!isAlive(handle.process) && membersOf(handle).length === 0) return;
  try {
    process.kill(-handle.process.pid, how === 'force' ? 'SIGKILL' : 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What is left of a driver whose wrapper was killed: a group keeps its number while it has a member. */
function membersOf(handle: LocalHandle): readonly DriverProcess[] {
  return findDriverProcesses(handle.runId).filter((found) => found.group === handle.process.pid);
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
