import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeEnd, endProcess, hasEnded } from './child-process-end.ts';
import { claimPorts } from './free-ports.ts';

const START_DEADLINE_MS = 60_000;
const ASK_AGAIN_MS = 100;
const STOP_DEADLINE_MS = 20_000;
const SHOWN_LOG_LINES = 15;
const program = join(import.meta.dirname, '../emulator/serve.py');

/** An AWS of this machine: S3, Glue (job runs are run by local Spark), CloudWatch Logs, Lambda, CloudFormation. */
export interface AwsEmulator {
  /** `http://127.0.0.1:port`, for every service. */
  readonly endpoint: string;
  readonly pid: number;
  /** What makes AWS clients and Spark's S3A use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it and every driver that it runs; its state stays in the folder. May be called twice. */
  stop(): Promise<void>;
}

export interface AwsEmulatorOptions {
  /** Holds buckets, jobs, functions, and a folder for each job run. A used one goes on with them. */
  readonly folder: string;
  /** The runtime.json of a set-up with its AWS part. */
  readonly runtimeFile: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** File that gets the emulator's output; `emulator.log` in the folder when absent. */
  readonly log?: string;
}

/** Thrown when the emulator cannot be started; the message ends with the last lines of its log. */
export class AwsEmulatorError extends Error {
  override readonly name = 'AwsEmulatorError';
}

/**
 * Starts the emulator and resolves when it answers. It ends with this process, however that ends. Throws
 * AwsEmulatorError when the AWS part of set-up is missing, the port is taken, or nothing answers within 60 s.
 */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const python = findPython(options.runtimeFile);
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const log = resolve(options.log ?? join(folder, 'emulator.log'));
  const port = await choosePort(options.port ?? 0);
  const emulator = startPython(python, { folder, port, log, runtimeFile: options.runtimeFile });
  try {
    await waitUntilReady(emulator, port, log);
  } catch (error) {
    await endProcess(emulator, STOP_DEADLINE_MS);
    throw error;
  }
  return Object.freeze({
    endpoint: `http://127.0.0.1:${port}`,
    pid: emulator.pid ?? 0,
    environment: environmentOf(port),
    stop: () => endProcess(emulator, STOP_DEADLINE_MS),
  });
}

function environmentOf(port: number): Readonly<Record<string, string>> {
  return Object.freeze({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  });
}

/** The Python that set-up made for the emulator. */
function findPython(runtimeFile: string): string {
  const runtime: { aws?: { python?: string } | null } = existsSync(runtimeFile)
    ? JSON.parse(readFileSync(runtimeFile, 'utf8'))
    : {};
  const python = runtime.aws?.python;
  if (python === undefined || !existsSync(python)) {
    throw new AwsEmulatorError(
      `${runtimeFile} names no AWS emulator. Run \`npm run setup -- --with aws\`.`,
    );
  }
  return python;
}

async function choosePort(wanted: number): Promise<number> {
  try {
    const [port] = await claimPorts(wanted);
    return port;
  } catch (cause) {
    throw new AwsEmulatorError(
      `Port ${wanted} of 127.0.0.1 cannot be taken: ${cause}. Choose another or end what holds it.`,
    );
  }
}

interface EmulatorFiles {
  readonly folder: string;
  readonly port: number;
  readonly log: string;
  readonly runtimeFile: string;
}

function startPython(python: string, files: EmulatorFiles): ChildProcess {
  const log = openSync(files.log, 'a');
  const settings = ['--port', String(files.port), '--folder', files.folder];
  const runtime = ['--runtime', resolve(files.runtimeFile), '--end-with-parent'];
  try {
    return spawn(python, [program, ...settings, ...runtime], {
      env: emulatorEnvironment(files.folder),
      // A pipe that nothing is written to: the system closes it when this process is gone.
      stdio: ['pipe', log, log],
    }).on('error', () => undefined);
  } finally {
    closeSync(log);
  }
}

/** Functions of Lambda run on the `node` of the PATH, which must be the one that runs this. */
function emulatorEnvironment(folder: string): NodeJS.ProcessEnv {
  const path = [dirname(process.execPath), process.env.PATH ?? '/usr/bin:/bin'].join(delimiter);
  return { PATH: path, HOME: folder, LANG: process.env.LANG ?? 'C.UTF-8', TZ: 'UTC' };
}

async function waitUntilReady(emulator: ChildProcess, port: number, log: string): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (hasEnded(emulator)) {
      const end = describeEnd(emulator, 'the Python of set-up');
      throw await describeFailure(`The AWS emulator ended early (${end})`, log);
    }
    if (await answers(port)) return;
    await sleep(ASK_AGAIN_MS);
  }
  throw await describeFailure(`The AWS emulator did not answer on port ${port} within 60 s`, log);
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_ministack/ready`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

async function describeFailure(problem: string, log: string): Promise<AwsEmulatorError> {
  const text = await readFile(log, 'utf8');
  const lines = text.trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  return new AwsEmulatorError(`${problem}. The end of ${log}:\n${lines.join('\n')}`);
}
