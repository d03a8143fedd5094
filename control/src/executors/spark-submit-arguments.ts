import { delimiter, dirname } from 'node:path';
import type { DriverRequest } from './executor.ts';
import type { Runtime } from './runtime.ts';

export interface DriverSettings {
  /** As spark-submit writes sizes, for example `1g`. */
  readonly memory: string;
  readonly cores: number;
}

/**
 * The command of a local driver as an argument list; no part of it passes through a shell. The jars are on the
 * driver's class path and not in --jars, because only the application class path is covered by a class-data
 * archive. SQL settings are the job's own business.
 */
export function sparkSubmitCommand(
  request: DriverRequest,
  runtime: Runtime,
  settings: DriverSettings,
): readonly string[] {
  return [
    runtime.spark.submit,
    ...['--master', `local[${settings.cores}]`],
    ...['--name', request.pipeline],
    ...['--driver-memory', settings.memory],
    ...conf('spark.driver.extraClassPath', runtime.spark.jars.join(delimiter)),
    ...conf('spark.driver.extraJavaOptions', javaOptions(runtime).join(' ')),
    ...conf('spark.ui.enabled', 'false'),
    request.jobFile,
    ...['--control', request.controlFolder],
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
    ...request.environment,
    PATH: [dirname(runtime.python), own.PATH ?? '/usr/bin:/bin'].join(delimiter),
    JAVA_HOME: runtime.java.home ?? dirname(dirname(runtime.java.command)),
    HOME: own.HOME ?? '/',
    LANG: own.LANG ?? 'C.UTF-8',
    TZ: 'UTC',
    PYSPARK_PYTHON: runtime.python,
    SPARK_HOME: runtime.spark.home,
    SPARK_LOCAL_IP: '127.0.0.1',
  };
}

function javaOptions(runtime: Runtime): readonly string[] {
  const options = ['-XX:+UseParallelGC'];
  if (runtime.classData === null || classDataRefusal(runtime) !== undefined) return options;
  return [...options, `-XX:SharedArchiveFile=${quoted(runtime.classData.archive)}`, '-Xshare:auto'];
}

/** Spark splits this one setting as a shell would (its launcher, CommandBuilderUtils.parseOptionString). */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function conf(key: string, value: string): readonly string[] {
  return value === '' ? [] : ['--conf', `${key}=${value}`];
}
