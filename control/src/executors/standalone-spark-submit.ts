import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AwsSettings } from '../config.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { StandaloneHandle } from '../store/run-handle.ts';
import type { StandaloneSettings } from '../target-config.ts';
import {
  type DetachedDriver,
  type DriverCommand,
  DriverLauncher,
  findDriver,
  killDriver,
  observeDriver,
  readDriverLog,
} from './detached-driver.ts';
import type { DriverRequest, Executor, Observation } from './executor.ts';
import {
  type ClusterPlace,
  type ClusterWish,
  judgeApplication,
  refuseCluster,
} from './judge-cluster.ts';
import type { Runtime } from './runtime.ts';
import { askMaster } from './spark-master.ts';
import { classDataRefusal } from './spark-submit-arguments.ts';
import {
  type StandalonePlace,
  standaloneCommand,
  standaloneEnvironment,
} from './standalone-arguments.ts';

/** The application's name is looked for in so many bytes of the log. */
const logStart = 64 * 1024;

export interface StandaloneOptions {
  /** Read at each submit, so that set-up may run again while the service does. */
  readonly runtime: () => Runtime;
  readonly place: StandalonePlace & ClusterPlace;
  /** Where buckets are reached. */
  readonly aws: AwsSettings;
  /** The service's own environment; drivers get a few variables of it. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs drivers beside the service, in client mode because Spark has no other for Python on a standalone cluster, and
 * their executors on the cluster. Whether a driver lives is known from its process; whether it can work, from the
 * master.
 */
export function standaloneSparkSubmit(options: StandaloneOptions): Executor<StandaloneHandle> {
  const launcher = new DriverLauncher();
  const { master } = options.place;
  const asHandle = (driver: DetachedDriver) =>
    ({ target: 'standalone', ...driver, master }) satisfies StandaloneHandle;
  return {
    target: 'standalone',
    submit: async (request) =>
      asHandle(await launcher.launch(request, () => prepare(request, options))),
    find: async (runId, runFolder) => {
      const driver = await findDriver(runId, runFolder);
      return driver && asHandle(driver);
    },
    observe: (handle) => observe(handle, options.place),
    kill: killDriver,
    readLog: readDriverLog,
  };
}

/** Where the cluster of a service is; undefined when its settings do not say. */
export function clusterPlace(settings: StandaloneSettings): StandaloneOptions['place'] | undefined {
  const { master, masterUi } = settings;
  if (master === undefined || masterUi === undefined) return undefined;
  return { ...settings, master, masterUi };
}

/**
 * Refuses a start that the cluster could never serve. Throws CLUSTER_UNREACHABLE, CLUSTER_TOO_SMALL or
 * CLUSTER_CORES_TOO_FEW.
 */
export async function checkCluster(wish: ClusterWish, place: ClusterPlace): Promise<void> {
  const refusal = refuseCluster(wish, await askMaster(place.masterUi), place);
  if (refusal) throw new SluiceError(refusal.code, refusal.parameters);
}

async function prepare(
  request: DriverRequest,
  { runtime: read, place, aws, environment: own }: StandaloneOptions,
): Promise<DriverCommand> {
  const runtime = read();
  const wish = request.targets.standalone;
  await checkCluster(wish, place);
  return {
    words: standaloneCommand(request, runtime, { place, wish, aws }),
    environment: standaloneEnvironment(request, runtime, { place, own }),
    remark: classDataRefusal(runtime),
  };
}

/** The process first: a master may still list the application of a driver that is gone. */
async function observe(handle: StandaloneHandle, place: ClusterPlace): Promise<Observation> {
  const seen = await observeDriver(handle);
  if (seen.kind !== 'running') return seen;
  const application = handle.application ?? (await findApplication(handle));
  if (application === undefined) return seen;
  const learnt = handle.application === undefined ? { handle: { ...handle, application } } : {};
  const answer = await askMaster(place.masterUi);
  return { ...seen, ...learnt, ...judgeApplication(application, answer, place) };
}

/** Spark says it in one of the first lines of the driver's log: `app-20261124085550-0000`. */
async function findApplication({ runFolder }: StandaloneHandle): Promise<string | undefined> {
  const log = await open(join(runFolder, 'driver.log')).catch(() => undefined);
  if (log === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await log.read(Buffer.alloc(logStart), 0, logStart, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return /Connected to Spark cluster with app ID (app-[\w-]{1,64})/.exec(text)?.[1];
  } finally {
    await log.close();
  }
}
