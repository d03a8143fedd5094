import { delimiter, dirname, join } from 'node:path';
import type { AwsSettings } from '../config.ts';
import { hadoopPath } from '../storage/place.ts';
import type { DriverRequest } from './executor.ts';
import {
  objectStorageEnvironment,
  objectStorageJars,
  objectStorageWords,
} from './object-storage-access.ts';
import type { Runtime } from './runtime.ts';

export interface DriverSettings {
  /** As spark-submit writes sizes, for example `1g`. */
  readonly memory: string;
  readonly cores: number;
  /** Where buckets are reached. */
  readonly aws: AwsSettings;
}

interface ShippedJars {
  /** Jars that Spark brings to the executors and adds to its own class path at run time. */
  readonly shippedJars: readonly string[];
}

/** The command of a driver whose executors run in itself. */
export function sparkSubmitCommand(
  request: DriverRequest,
  runtime: Runtime,
  settings: DriverSettings,
): readonly string[] {
  return [
    runtime.spark.submit,
    ...['--master', `local[${settings.cores}]`],
    ...driverWords(request, runtime, {
      ...settings,
      shippedJars: objectStorageJars(request, runtime),
    }),
    ...jobWords(request),
  ];
}

/**
 * What every driver of this machine is started with, as an argument list; no part of it passes through a shell. The
 * jars are on the driver's class path and not in --jars, because only the application class path is covered by a
 * class-data archive. SQL settings are the job's own business.
 */
export function driverWords(
  request: DriverRequest,
  runtime: Runtime,
  { memory, aws, shippedJars }: Omit<DriverSettings, 'cores'> & ShippedJars,
): readonly string[] {
  return [
    ...['--name', request.pipeline],
    ...['--driver-memory', memory],
    ...conf('spark.driver.extraClassPath', runtime.spark.jars.join(delimiter)),
    ...conf('spark.driver.extraJavaOptions', javaOptions(runtime).join(' ')),
    ...conf('spark.ui.enabled', 'false'),
    // With --jars, Spark opens the disk before the job can choose how. Uploads to S3 do not take this way.
    ...(request.objectStorage ? [] : conf('spark.hadoop.fs.file.impl', rawDisk)),
    ...(shippedJars.length === 0 ? [] : ['--jars', shippedJars.join(',')]),
    ...objectStorageWords(request, aws),
  ];
}

/** Without a .crc file beside each part. */
const rawDisk = 'org.apache.hadoop.fs.RawLocalFileSystem';

/** The job and what it is told. */
export function jobWords(request: DriverRequest): readonly string[] {
  return [
    request.jobFile,
    ...['--control', hadoopPath(request.controlFolder)],
    ...['--run-id', request.runId],
    ...['--generation', String(request.generation)],
  ];
}

/** Why the class-data archive is left out, or undefined when it is used. It fits exactly one Java. */
export function classDataRefusal(runtime: Runtime): string | undefined {
  if (runtime.classData === null) return 'there is no class-data archive, so Spark starts slower';
  if (runtime.classData.javaVersion === runtime.java.version) return undefined;
  return (
    `the class-data archive was made by Java ${runtime.classData.javaVersion}, ` +
    `this is ${runtime.java.version}, so Spark starts slower; run set-up to make a new one`
  );
}

/** The few variables a driver gets: what Spark needs and what the spec refers to, nothing else of ours. */
export function driverEnvironment(
  request: DriverRequest,
  runtime: Runtime,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    ...objectStorageEnvironment(request, own),
    ...request.environment,
    PATH: [dirname(runtime.python), own.PATH ?? '/usr/bin:/bin'].join(delimiter),
    JAVA_HOME: runtime.java.home ?? dirname(dirname(runtime.java.command)),
    HOME: own.HOME ?? '/',
    LANG: own.LANG ?? 'C.UTF-8',
    TZ: 'UTC',
    PYSPARK_PYTHON: runtime.python,
    SPARK_HOME: runtime.spark.home,
    SPARK_LOCAL_IP: '127.0.0.1',
    // Lets the driver's Python take the compiled pyspark; set-up's sluice.pth looks for it.
    PYSPARK_WITHOUT_ZIP: 'yes',
    // spark-submit first starts a small Java that only puts the command together.
    SPARK_LAUNCHER_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  };
}

/**
 * Why each: the parallel collector does the most work in the end. Class metadata would set off a full collection at
 * 21 MB, in the middle of the start. The optimising compiler waits for six times its usual counts, because at a
 * start it competes for the cores with the work itself (launch to first batch 7.7 s without, 6.7 s with).
 */
const javaSettings = [
  '-XX:+UseParallelGC',
  '-XX:MetaspaceSize=256m',
  '-XX:Tier4InvocationThreshold=30000',
  '-XX:Tier4MinInvocationThreshold=5000',
  '-XX:Tier4CompileThreshold=60000',
  '-XX:Tier4BackEdgeThreshold=400000',
];

/** What is worth a line in a log that is kept for the life of a run. */
const logSettings = join(import.meta.dirname, 'driver-log4j2.properties');

/** For drivers, and for executors that find the same files at the same places. */
export function javaOptions(runtime: Runtime): readonly string[] {
  const options = [...javaSettings, `-Dlog4j2.configurationFile=${quoted(logSettings)}`];
  if (runtime.classData === null || classDataRefusal(runtime) !== undefined) return options;
  return [...options, `-XX:SharedArchiveFile=${quoted(runtime.classData.archive)}`, '-Xshare:auto'];
}

/** Spark splits this one setting as a shell would (its launcher, CommandBuilderUtils.parseOptionString). */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A setting of Spark; none when it is empty. */
export function conf(key: string, value: string): readonly string[] {
  return value === '' ? [] : ['--conf', `${key}=${value}`];
}
