import { isAbsolute, resolve } from 'node:path';
import { SluiceError } from './errors/sluice-error.ts';
import {
  type GlueSettings,
  readGlue,
  readStandalone,
  type StandaloneSettings,
} from './target-config.ts';

/** The folder that holds package.json; this file is control/src/config.ts in it. */
const projectRoot = resolve(import.meta.dirname, '../..');

/** All settings of the control service, read once. Times are in milliseconds, paths absolute. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Names a browser may call this service by, beside the loopback ones. */
  readonly allowedHosts: readonly string[];
  /** Where the CLI finds a running service. */
  readonly url: string;
  readonly stateFolder: string;
  /** Working folder of the drivers: relative paths of specs start here. */
  readonly workFolder: string;
  /** Every path of a spec must lie below one of these: absolute folders, and places in buckets. */
  readonly roots: readonly string[];
  readonly runtimeFile: string;
  /** Whether drivers go on when the service ends; in a container they cannot. */
  readonly driversEnd: 'on-their-own' | 'with-service';
  readonly driver: { readonly memory: string; readonly cores: number };
  readonly standalone: StandaloneSettings;
  readonly glue: GlueSettings;
  readonly watch: WatchLimits;
  readonly aws: AwsSettings;
  /** What `${NAME}` in specs may refer to. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface WatchLimits {
  readonly pollMs: number;
  /** A driver that wrote no sign of life for this long is shown as UNKNOWN. */
  readonly silenceMs: number;
  /** The same two for runs whose signs are in a bucket; a look costs a few requests there. */
  readonly objectPollMs: number;
  readonly objectSilenceMs: number;
  /** From the stop marker to SIGTERM. */
  readonly stopDeadlineMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly killDelayMs: number;
}

/** How AWS is reached. Credentials are not among it: the SDK looks for them in its own places. */
export interface AwsSettings {
  readonly region: string;
  /** In place of AWS's own addresses, for an emulator or another object store. */
  readonly endpoint?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings; the only place that looks at the process environment.
 * Throws CONFIG_INVALID for a value that cannot be used.
 */
export function readConfig(environment: Environment = process.env): Config {
  const host = readHost(environment);
  const port = readNumber(environment, 'SLUICE_PORT', { fallback: 8350, least: 0, most: 65_535 });
  const workFolder = resolve(projectRoot, environment.SLUICE_WORK_FOLDER ?? '.');
  return Object.freeze({
    host,
    port,
    allowedHosts: readList(environment.SLUICE_ALLOWED_HOSTS),
    url: readUrl(environment, `http://127.0.0.1:${port}`),
    stateFolder: resolve(projectRoot, environment.SLUICE_STATE ?? '.sluice/state'),
    workFolder,
    roots: readRoots(environment, workFolder),
    runtimeFile: resolve(projectRoot, environment.SLUICE_RUNTIME ?? '.sluice/runtime.json'),
    driversEnd: readDriversEnd(environment),
    driver: Object.freeze({
      memory: readMemory(environment),
      cores: readNumber(environment, 'SLUICE_DRIVER_CORES', { fallback: 2, least: 1, most: 512 }),
    }),
    standalone: readStandalone(environment),
    glue: readGlue(environment),
    watch: readWatchLimits(environment),
    aws: readAws(environment),
    environment: Object.freeze(definedOnly(environment)),
  });
}

function readWatchLimits(environment: Environment): WatchLimits {
  const seconds = (name: string, fallback: number) =>
    1000 * readNumber(environment, name, { fallback, least: 0.05, most: 86_400 });
  return Object.freeze({
    pollMs: seconds('SLUICE_POLL_SECONDS', 0.5),
    silenceMs: seconds('SLUICE_SILENCE_SECONDS', 15),
    objectPollMs: seconds('SLUICE_OBJECT_POLL_SECONDS', 5),
    objectSilenceMs: seconds('SLUICE_OBJECT_SILENCE_SECONDS', 60),
    stopDeadlineMs: seconds('SLUICE_STOP_DEADLINE_SECONDS', 60),
    killDelayMs: seconds('SLUICE_KILL_DELAY_SECONDS', 10),
  });
}

function readAws(environment: Environment): AwsSettings {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL: endpoint } = environment;
  const region = AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1';
  if (!/^[a-z0-9-]{2,40}$/.test(region)) {
    throw invalid(
      AWS_REGION ? 'AWS_REGION' : 'AWS_DEFAULT_REGION',
      region,
      'a region of AWS such as eu-west-1',
    );
  }
  if (!endpoint) return Object.freeze({ region });
  if (URL.canParse(endpoint) && /^https?:/.test(endpoint)) {
    return Object.freeze({ region, endpoint: endpoint.replace(/\/+$/, '') });
  }
  throw invalid('AWS_ENDPOINT_URL', endpoint, 'an http address such as http://127.0.0.1:4566');
}

/**
 * Only loopback: there is no log-in yet, and whoever reaches the port can run code through a spec. In a container
 * loopback reaches nobody, so there another address is allowed to who says that the network around is trusted.
 */
function readHost(environment: Environment): string {
  const { SLUICE_HOST: host = '127.0.0.1', SLUICE_TRUST_NETWORK: trust } = environment;
  if (['127.0.0.1', '::1', 'localhost'].includes(host) || trust === 'yes') return host;
  const wanted =
    'a loopback address, because there is no log-in yet; another one only with SLUICE_TRUST_NETWORK=yes, ' +
    'where nobody else reaches the port, as in a container whose port is published on 127.0.0.1';
  throw invalid('SLUICE_HOST', host, wanted);
}

function readDriversEnd(environment: Environment): Config['driversEnd'] {
  const text = environment.SLUICE_DRIVERS_END ?? 'on-their-own';
  if (text === 'on-their-own' || text === 'with-service') return text;
  throw invalid('SLUICE_DRIVERS_END', text, '`on-their-own` or `with-service`');
}

function readRoots(environment: Environment, workFolder: string): readonly string[] {
  // A colon that belongs to `s3://` separates nothing.
  const roots = readList(environment.SLUICE_ROOTS, /:(?!\/\/)/);
  const wrong = roots.find((root) => !isAbsolute(root) && !/^s3[an]?:\/\/[^/]/i.test(root));
  if (wrong !== undefined) {
    throw invalid('SLUICE_ROOTS', wrong, 'absolute folders and addresses such as s3://bucket');
  }
  return Object.freeze(roots.length === 0 ? [workFolder] : roots);
}

function readMemory(environment: Environment): string {
  const memory = environment.SLUICE_DRIVER_MEMORY ?? '1g';
  if (/^[1-9]\d{0,5}[mg]$/.test(memory)) return memory;
  throw invalid('SLUICE_DRIVER_MEMORY', memory, 'a size such as 512m or 2g');
}

function readUrl(environment: Environment, fallback: string): string {
  const url = environment.SLUICE_URL ?? fallback;
  if (URL.canParse(url) && /^https?:/.test(url)) return url.replace(/\/+$/, '');
  throw invalid('SLUICE_URL', url, 'an http address such as http://127.0.0.1:8350');
}

interface NumberRange {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

function readNumber(environment: Environment, name: string, range: NumberRange): number {
  const text = environment[name];
  if (text === undefined || text === '') return range.fallback;
  const value = Number(text);
  if (value >= range.least && value <= range.most) return value;
  throw invalid(name, text, `a number from ${range.least} to ${range.most}`);
}

function readList(text: string | undefined, separator: string | RegExp = ','): readonly string[] {
  return Object.freeze(
    (text ?? '')
      .split(separator)
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
}

function definedOnly(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

function invalid(name: string, value: string, wanted: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', { name, value: JSON.stringify(value), wanted });
}
