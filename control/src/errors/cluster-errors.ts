import { defineErrors } from './error-entry.ts';

/** What may be wrong with a Spark standalone cluster. */
export const clusterErrors = defineErrors({
  CLUSTER_UNREACHABLE: {
    status: 503,
    exit: 3,
    found: 'The Spark master does not answer at {address}: {problem}.',
    wanted: 'A run is started only where the master says what the cluster has.',
    next: 'Start the master, or set SLUICE_SPARK_MASTER_UI to its web page and start the service again.',
  },
  CLUSTER_TOO_SMALL: {
    status: 409,
    exit: 2,
    found: 'An executor needs {cores} and {memory} MiB, but the cluster at {master} has {has}.',
    wanted: 'At least one worker must be able to hold one executor.',
    next: 'Lower `executor-cores` or `executor-memory-mb` under targets.standalone in the spec, or start a larger worker.',
  },
  CLUSTER_CORES_TOO_FEW: {
    status: 409,
    exit: 2,
    found: 'The spec asks for executors of {executorCores} but for {maxCores} in all.',
    wanted: 'Under targets.standalone `max-cores` must be at least `executor-cores`.',
    next: 'Raise `max-cores` or lower `executor-cores`, then apply the spec again.',
  },
  CLUSTER_FULL: {
    status: 200,
    exit: 1,
    found: 'The cluster gives {application} no executor. Each takes {memory} MiB, and {free}.',
    wanted: 'A driver needs at least one executor to work.',
    next: 'Start a worker, or end another application; this one goes on by itself then.',
  },
  CLUSTER_FORGOT: {
    status: 200,
    exit: 1,
    found: 'The master at {master} does not know {application}: {why}.',
    wanted: 'The master keeps an application for as long as its driver lives.',
    next: 'Stop the pipeline and start it again; a master with `spark.deploy.recoveryMode` forgets none.',
  },
  CLUSTER_UNSEEN: {
    status: 200,
    exit: 1,
    found: 'The Spark master does not answer at {address}: {problem}.',
    wanted: 'Without it the driver and its executors go on, but a lost executor is not replaced.',
    next: 'Start the master again on its address; nothing has to be done to the pipeline.',
  },
});
