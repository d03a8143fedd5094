import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Executor, Executors } from '../executors/executor.ts';
import { lazyExecutor } from '../executors/lazy-executor.ts';
import { localSparkSubmit } from '../executors/local-spark-submit.ts';
import { readRuntime } from '../executors/runtime.ts';
import { clusterPlace, standaloneSparkSubmit } from '../executors/standalone-spark-submit.ts';
import { unconfiguredExecutor } from '../executors/unconfigured-executor.ts';
import { followPipeline, launchAccepted, readClause, resumePipeline } from '../pipeline.ts';
import { openStorage } from '../storage/open-storage.ts';
import { ownState } from '../store/own-state.ts';
import type { RunStore } from '../store/run-store.ts';
import { openRunStore } from '../store/sqlite-run-store.ts';
import { runFolderOf } from '../submit/run-layout.ts';
import type { SubmitMoment } from '../submit/submit-run.ts';
import { targetNeeds } from '../target-config.ts';
import { watchRuns } from '../watch/watch-runs.ts';
import type { Report } from '../watch/watch-tools.ts';
import { followMerges } from './merge-followers.ts';
import type { Service } from './service.ts';

export interface ServiceOptions {
  readonly report: Report;
  /** For crash tests: called at every moment of a submit. */
  readonly onStep?: (moment: SubmitMoment) => void;
}

/**
 * Opens the service on its state folder: from here on runs are watched, those of an earlier service too, and
 * merges followed. Throws STATE_OWNED, STATE_UNUSABLE or STATE_NEWER.
 */
export function openService(config: Config, options: ServiceOptions): Service {
  const ownership = ownState(config.stateFolder);
  const store = openStoreOr(() => ownership.release(), config);
  const service = assemble(config, { store, options, release: () => ownership.release() });
  for (const { name } of store.pipelines({ from: 0, size: 100_000 }).items) {
    if (store.latestRun(name)) void followAgain(service, name);
  }
  return service;
}

interface Parts {
  readonly store: RunStore;
  readonly options: ServiceOptions;
  readonly release: () => void;
}

function assemble(config: Config, { store, options, release }: Parts): Service {
  const { report, onStep } = options;
  const now = () => new Date();
  const storage = openStorage(config.aws);
  const executors = openExecutors(config);
  const watcher = watchRuns({
    store,
    storage,
    executors,
    limits: config.watch,
    now,
    report,
    launch: (run) => launchAccepted(service, run),
    runFolder: (run) => runFolderOf(config, run.id),
    restartClause: (name) => readClause(service, name),
    restart: (name) => resumePipeline(service, name),
  });
  const merges = followMerges(report);
  const service: Service = {
    ...{ config, store, storage, executors, watcher, merges, report, now },
    ...(onStep ? { onStep } : {}),
    close: async () => {
      await watcher.close();
      await merges.close();
      store.close();
      release();
    },
  };
  return service;
}

function openExecutors(config: Config): Executors {
  const { runtimeFile, driver, aws, environment } = config;
  return {
    local: localSparkSubmit({
      runtime: () => readRuntime(runtimeFile),
      settings: { ...driver, aws },
      environment,
    }),
    standalone: openStandalone(config),
    glue: openGlueExecutor(config),
  };
}

function openGlueExecutor({ aws, glue: { folder, role } }: Config): Executor {
  if (folder === undefined || role === undefined) {
    return unconfiguredExecutor('glue', targetNeeds.glue);
  }
  return lazyExecutor('glue', async () => {
    const { openGlue } = await import('../executors/open-glue.ts');
    return openGlue(aws, role);
  });
}

function openStandalone({ runtimeFile, standalone, aws, environment }: Config): Executor {
  const place = clusterPlace(standalone);
  if (place === undefined) return unconfiguredExecutor('standalone', targetNeeds.standalone);
  return standaloneSparkSubmit({
    ...{ runtime: () => readRuntime(runtimeFile), place, aws, environment },
  });
}

function openStoreOr(giveUp: () => void, { stateFolder }: Config): RunStore {
  try {
    return openRunStore(join(stateFolder, 'state.db'));
  } catch (error) {
    giveUp();
    throw error;
  }
}

/** A spec that no longer lints keeps the service from nothing but its own merge. */
async function followAgain(service: Service, name: string): Promise<void> {
  try {
    await followPipeline(service, name);
  } catch (error) {
    service.report('error', 'a merge could not be resumed', { name, error: String(error) });
  }
}
