import type { LocalHandle } from '../store/run-handle.ts';
import {
  type DetachedDriver,
  DriverLauncher,
  findDriver,
  killDriver,
  observeDriver,
  readDriverLog,
} from './detached-driver.ts';
import type { DriverRequest, Executor } from './executor.ts';
import type { Runtime } from './runtime.ts';
import {
  classDataRefusal,
  type DriverSettings,
  driverEnvironment,
  sparkSubmitCommand,
} from './spark-submit-arguments.ts';

export interface LocalOptions {
  /** Read at each submit, so that set-up may run again while the service does. */
  readonly runtime: () => Runtime;
  readonly settings: DriverSettings;
  /** The service's own environment; drivers get a few variables of it. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs drivers on this machine through spark-submit. Everything it knows about a driver is in the run folder:
 * started/, pid, exit and driver.log.
 */
export function localSparkSubmit(options: LocalOptions): Executor<LocalHandle> {
  const launcher = new DriverLauncher();
  return {
    target: 'local',
    submit: async (request) =>
      asHandle(await launcher.launch(request, async () => prepare(request, options))),
    find: async (runId, runFolder) => {
      const driver = await findDriver(runId, runFolder);
      return driver && asHandle(driver);
    },
    observe: observeDriver,
    kill: killDriver,
    readLog: readDriverLog,
  };
}

function asHandle(driver: DetachedDriver): LocalHandle {
  return { target: 'local', ...driver };
}

function prepare(request: DriverRequest, options: LocalOptions) {
  const runtime = options.runtime();
  return {
    words: sparkSubmitCommand(request, runtime, options.settings),
    environment: driverEnvironment(request, runtime, options.environment),
    remark: classDataRefusal(runtime),
  };
}
