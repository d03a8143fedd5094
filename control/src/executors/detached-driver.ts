import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { SluiceError } from '../errors/sluice-error.ts';
import { identifyProcess, isAlive, type ProcessIdentity, thisLife } from '../process-identity.ts';
import type { LocalHandle } from '../store/run-handle.ts';
import { readLogPage } from './driver-log.ts';
import { type DriverProcess, findDriverProcesses } from './driver-processes.ts';
import type { DriverRequest, LogPage, Observation } from './executor.ts';

const wrapper = join(import.meta.dirname, 'run-driver.sh');
const launchDeadlineMs = 10_000;

/** A driver of this machine: what the handles of all targets with such drivers have in common. */
export type DetachedDriver = Omit<LocalHandle, 'target'>;

export interface DriverCommand {
  /** Program and arguments; no part passes through a shell. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the driver's log begins with, if there is something to say. */
  readonly remark?: string | undefined;
}

/** Starts drivers in process groups of their own, which outlive the service: at most one for a run. */
export class DriverLauncher {
  readonly #launching = new Map<string, Promise<DetachedDriver>>();

  /**
   * The driver of the run: the one that is there, or a new one. `prepare` makes the command and is called only
   * before a start. Throws RUN_NOT_STARTED and what `prepare` throws.
   */
  launch(request: DriverRequest, prepare: () => Promise<DriverCommand>): Promise<DetachedDriver> {
    const known = this.#launching.get(request.runId);
    const launched = known ?? launchDriver(request, prepare);
    this.#launching.set(request.runId, launched);
    return launched.finally(() => this.#launching.delete(request.runId));
  }
}

/** A page of the driver's log. */
export function readDriverLog(
  { runFolder }: DetachedDriver,
  fromLine: number,
  lines: number,
): Promise<LogPage> {
  return readLogPage(join(runFolder, 'driver.log'), fromLine, lines);
}

/** The wrapper lets only one driver of a run folder through, so a launch that is repeated adopts. */
async function launchDriver(
  request: DriverRequest,
  prepare: () => Promise<DriverCommand>,
): Promise<DetachedDriver> {
  const found = await findDriver(request.runId, request.runFolder);
  if (found) return found;
  const command = await prepare();
  await mkdir(request.runFolder, { recursive: true });
  await writeFile(join(request.runFolder, 'life'), thisLife());
  await startLog(request.runFolder, command.remark);
  await spawnDetached(request, command);
  return waitForDriver(request);
}

/** The wrapper appends to it; made here, so that only its owner can read it. */
async function startLog(runFolder: string, line: string | undefined): Promise<void> {
  const text = line === undefined ? '' : `sluice: ${line}\n`;
  await appendFile(join(runFolder, 'driver.log'), text, { mode: 0o600 });
}

async function spawnDetached(request: DriverRequest, command: DriverCommand): Promise<void> {
  const driver = execa(wrapper, [request.runFolder, ...command.words], {
    cwd: request.workFolder,
    env: command.environment,
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
async function waitForDriver(request: DriverRequest): Promise<DetachedDriver> {
  const deadline = performance.now() + launchDeadlineMs;
  while (performance.now() < deadline) {
    const driver = await readDriver(request.runId, request.runFolder);
    if (driver) return driver;
    await pause(10);
  }
  throw notStarted(`no pid file appeared in ${request.runFolder}`);
}

function notStarted(problem: string): SluiceError {
  return new SluiceError('RUN_NOT_STARTED', { problem });
}

/** A wrapper that is there but has not written its pid file yet is waited for. */
export async function findDriver(
  runId: string,
  runFolder: string,
): Promise<DetachedDriver | undefined> {
  const deadline = performance.now() + launchDeadlineMs;
  let launching: boolean;
  do {
    launching = findDriverProcesses(runId).length > 0;
    const driver = await readDriver(runId, runFolder);
    if (driver) return driver;
    if (launching) await pause(10);
  } while (launching && performance.now() < deadline);
  return undefined;
}

async function readDriver(runId: string, runFolder: string): Promise<DetachedDriver | undefined> {
  const pid = Number(await readOrEmpty(join(runFolder, 'pid')));
  if (!(pid > 0)) return undefined;
  return { runId, process: identityInRun(pid, runId), runFolder };
}

/** A process that has ended, or whose pid was given to another, gets an identity that no live process has. */
function identityInRun(pid: number, runId: string): ProcessIdentity {
  const live = findDriverProcesses(runId).some((found) => found.pid === pid);
  const identity = live ? identifyProcess(pid) : undefined;
  return identity ?? { pid, startTime: 'ended', bootId: 'ended' };
}

/** Reads the run folder, then looks at the processes. */
export async function observeDriver(driver: DetachedDriver): Promise<Observation> {
  try {
    return (await readEnd(driver)) ?? (await observeProcesses(driver));
  } catch (error) {
    return { kind: 'unreachable', why: error instanceof Error ? error.message : String(error) };
  }
}

async function readEnd({ runFolder }: DetachedDriver): Promise<Observation | undefined> {
  const text = (await readOrEmpty(join(runFolder, 'exit'))).trim();
  if (text === '') return undefined;
  const exitCode = Number(text);
  return exitCode === 0 ? { kind: 'succeeded' } : { kind: 'failed', exitCode };
}

async function observeProcesses(driver: DetachedDriver): Promise<Observation> {
  if (isAlive(driver.process) || membersOf(driver).length > 0) return { kind: 'running' };
  // The wrapper may have written the status and ended between the two looks.
  const end = await readEnd(driver);
  return end ?? describeLoss(driver);
}

async function describeLoss({ process, runFolder }: DetachedDriver): Promise<Observation> {
  const life = await readOrEmpty(join(runFolder, 'life'));
  if (life === '' || life === thisLife()) {
    return { kind: 'gone', why: `process ${process.pid} is not there` };
  }
  return { kind: 'gone', why: `process ${process.pid} was of an earlier start`, withMachine: true };
}

/** Signals the whole process group, after making sure that it is still this run's. */
export async function killDriver(
  driver: DetachedDriver,
  how: 'terminate' | 'force',
): Promise<void> {
  if (!isAlive(driver.process) && membersOf(driver).length === 0) return;
  try {
    process.kill(-driver.process.pid, how === 'force' ? 'SIGKILL' : 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What is left of a driver whose wrapper was killed: a group keeps its number while it has a member. */
function membersOf(driver: DetachedDriver): readonly DriverProcess[] {
  return findDriverProcesses(driver.runId).filter((found) => found.group === driver.process.pid);
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
