import { delimiter } from 'node:path';
import type { AwsSettings } from '../config.ts';
import type { DriverRequest } from './executor.ts';
import type { ClusterWish } from './judge-cluster.ts';
import { objectStorageJars } from './object-storage-access.ts';
import type { Runtime } from './runtime.ts';
import {
  conf,
  driverEnvironment,
  driverWords,
  javaOptions,
  jobWords,
} from './spark-submit-arguments.ts';

export interface StandalonePlace {
  /** `spark://host:port` */
  readonly master: string;
  /** The name by which workers reach this machine; absent: Spark finds one, loopback for a master on loopback. */
  readonly driverHost?: string;
}

export interface ClusterRun {
  readonly place: StandalonePlace;
  readonly wish: ClusterWish;
  /** Where buckets are reached. */
  readonly aws: AwsSettings;
}

/**
 * The command of a driver that runs beside the service and has its executors on a cluster. The executors get the jars
 * twice: on their class path, where the class-data archive covers them if the workers find set-up's files at the same
 * places, and from the driver (--jars) for workers elsewhere. What is not there is passed over by Java.
 */
export function standaloneCommand(
  request: DriverRequest,
  runtime: Runtime,
  { place, wish, aws }: ClusterRun,
): readonly string[] {
  const { jars } = runtime.spark;
  const memory = `${wish['driver-memory-mb']}m`;
  const shippedJars = [...jars, ...objectStorageJars(request, runtime)];
  return [
    runtime.spark.submit,
    ...['--master', place.master],
    ...driverWords(request, runtime, { memory, aws, shippedJars }),
    ...['--executor-cores', String(wish['executor-cores'])],
    ...['--executor-memory', `${wish['executor-memory-mb']}m`],
    ...['--total-executor-cores', String(wish['max-cores'])],
    ...conf('spark.executor.extraClassPath', jars.join(delimiter)),
    ...conf('spark.executor.extraJavaOptions', javaOptions(runtime).join(' ')),
    ...conf('spark.driver.host', place.driverHost ?? ''),
    ...conf('spark.driver.bindAddress', place.driverHost === undefined ? '' : '0.0.0.0'),
    ...jobWords(request),
  ];
}

/** As a local driver has it, but reachable by the workers when they are on other machines. */
export function standaloneEnvironment(
  request: DriverRequest,
  runtime: Runtime,
  {
    place,
    own,
  }: { readonly place: StandalonePlace; readonly own: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> {
  const { SPARK_LOCAL_IP, ...environment } = driverEnvironment(request, runtime, own);
  const onLoopback = /^spark:\/\/(127\.[\d.]+|localhost|\[::1\]):/.test(place.master);
  return onLoopback && SPARK_LOCAL_IP ? { ...environment, SPARK_LOCAL_IP } : environment;
}
