import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeEnd, endProcess, hasEnded, waitForEnd } from './child-process-end.ts';
import { claimPorts } from './free-ports.ts';
import { writeBrokerProperties, writeLogSettings } from './kafka-broker-files.ts';
import { answersKafka } from './kafka-handshake.ts';

/**
 * One collector thread and the quick compiler alone: measured, a start takes 2.3 s of processor time instead of 6, and
 * taking events costs no more, because most of that is done by the system.
 */
const JAVA_OPTIONS = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const START_DEADLINE_MS = 60_000;
const ASK_AGAIN_MS = 50;
const STOP_DEADLINE_MS = 20_000;
const SHOWN_LOG_LINES = 15;

/** A Kafka broker that runs as a plain process of this machine, reachable from this machine only. */
export interface KafkaBroker {
  /** What clients connect to: `127.0.0.1:port`. */
  readonly servers: string;
  readonly pid: number;
  /** Ends the broker cleanly, and by force when it takes longer than 20 s. May be called twice. */
  stop(): Promise<void>;
}

export interface KafkaBrokerOptions {
  /** Holds data, settings and log. Made when missing; a used one goes on with its topics and data. */
  readonly folder: string;
  /** Folder that holds the jars of a Kafka 4 broker. */
  readonly jars: string;
  /** The java command, `java` when absent. Java 17 or newer. */
  readonly java?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** The port that clients are told to come back to, when it is another one: that of a proxy in between. */
  readonly advertisedPort?: number;
  /** File that gets the broker's output; `broker.log` in the folder when absent. */
  readonly log?: string;
  /** In a process group of its own, so that a terminal's Ctrl-C does not reach it before its clients. */
  readonly ownGroup?: boolean;
}

/** Thrown when a broker cannot be started; the message ends with the last lines of its log. */
export class KafkaBrokerError extends Error {
  override readonly name = 'KafkaBrokerError';
}

interface BrokerFiles {
  readonly java: string;
  readonly classPath: string;
  readonly data: string;
  readonly properties: string;
  readonly logSettings: string;
  readonly log: string;
  readonly ownGroup: boolean;
}

/**
 * Starts a broker and resolves when it answers a Kafka request and takes topics. Throws KafkaBrokerError when
 * the jars are missing, the port is taken, the Java process ends early, or nothing answers within 60 s.
 */
export async function startKafkaBroker(options: KafkaBrokerOptions): Promise<KafkaBroker> {
  const files = nameFiles(options);
  const port = await writeSettings(files, options);
  if (!existsSync(join(files.data, 'meta.properties'))) {
    await formatData(files);
  }
  const broker = startJava(files, ['kafka.Kafka', files.properties]);
  try {
    await waitUntilReady(broker, port, files);
  } catch (error) {
    await endProcess(broker, STOP_DEADLINE_MS);
    throw error;
  }
  return Object.freeze({
    servers: `127.0.0.1:${port}`,
    pid: pidOf(broker),
    stop: () => endProcess(broker, STOP_DEADLINE_MS),
  });
}

function nameFiles(options: KafkaBrokerOptions): BrokerFiles {
  const folder = resolve(options.folder);
  if (!existsSync(options.jars)) {
    throw new KafkaBrokerError(
      `There is no folder ${options.jars}. It must hold the jars of a Kafka broker. Run \`npm run setup\`.`,
    );
  }
  return {
    java: options.java ?? 'java',
    classPath: join(resolve(options.jars), '*'),
    data: join(folder, 'data'),
    properties: join(folder, 'server.properties'),
    logSettings: join(folder, 'log4j2.properties'),
    log: resolve(options.log ?? join(folder, 'broker.log')),
    ownGroup: options.ownGroup ?? false,
  };
}

/** Returns the port the broker will listen on. */
async function writeSettings(files: BrokerFiles, options: KafkaBrokerOptions): Promise<number> {
  const wantedPort = options.port ?? 0;
  const [port, controllerPort] = await claimPorts(wantedPort).catch((cause: unknown) => {
    throw new KafkaBrokerError(
      `Port ${wantedPort} of 127.0.0.1 cannot be taken: ${cause}. Choose another or end what holds it.`,
    );
  });
  await mkdir(files.data, { recursive: true });
  await writeFile(
    files.properties,
    writeBrokerProperties({
      dataFolder: files.data,
      port,
      controllerPort,
      advertisedPort: options.advertisedPort ?? port,
    }),
  );
  await writeFile(files.logSettings, writeLogSettings());
  return port;
}

/** Gives the data folder its cluster id. A format that was cut short leaves no meta.properties and is done again. */
async function formatData(files: BrokerFiles): Promise<void> {
  // Kafka's ids are 16 bytes in URL-safe base64 and must not look like an option (org.apache.kafka.common.Uuid).
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const format = ['format', '--cluster-id', clusterId, '--config', files.properties];
  const formatter = startJava(files, ['kafka.tools.StorageTool', ...format, '--ignore-formatted']);
  const code = await waitForEnd(formatter);
  if (code !== 0) {
    throw await describeFailure(
      `Formatting ${files.data} failed (${describeEnd(formatter, 'a Java 17 or newer')})`,
      files,
    );
  }
}

function startJava(files: BrokerFiles, mainAndArguments: readonly string[]): ChildProcess {
  const log = openSync(files.log, 'a');
  const settings = [...JAVA_OPTIONS, `-Dlog4j2.configurationFile=${files.logSettings}`];
  try {
    return spawn(files.java, [...settings, '-cp', files.classPath, ...mainAndArguments], {
      detached: files.ownGroup,
      // Without a language Java knows ASCII file names only.
      env: { LANG: 'C.UTF-8', ...process.env },
      stdio: ['ignore', log, log],
    }).on('error', () => undefined);
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(
  broker: ChildProcess,
  port: number,
  files: BrokerFiles,
): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (hasEnded(broker)) {
      throw await describeFailure(
        `The Kafka broker ended early (${describeEnd(broker, 'a Java 17 or newer')})`,
        files,
      );
    }
    if (await answersKafka(port)) {
      return;
    }
    await sleep(ASK_AGAIN_MS);
  }
  throw await describeFailure(`Kafka did not answer on port ${port} within 60 s`, files);
}

async function describeFailure(problem: string, files: BrokerFiles): Promise<KafkaBrokerError> {
  const text = await readFile(files.log, 'utf8');
  const lines = text.trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  return new KafkaBrokerError(`${problem}. The end of ${files.log}:\n${lines.join('\n')}`);
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) {
    throw new KafkaBrokerError('The Kafka broker has no process.');
  }
  return child.pid;
}
