import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SparkCluster, startSparkCluster } from '../../infra/src/spark-cluster.ts';
import { findDriverProcesses } from '../src/executors/driver-processes.ts';
import { readRuntime } from '../src/executors/runtime.ts';
import { projectRoot } from './architecture/project-files.ts';
import { submitBare } from './fixtures/bare-spark-submit.ts';
import { committedRows } from './fixtures/committed-rows.ts';
import { openBatch } from './fixtures/open-batch.ts';
import {
  endServiceProcess,
  type ServiceProcess,
  startServiceProcess,
} from './fixtures/service-process.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/*
 * One run on a real cluster of a master and two workers, through everything that may happen to it. The steps build on
 * each other.
 */

const spec = (name: string, executorCores = 1) => `pipeline: ${name}
source: { rate: { rows-per-second: 20 } }
sink: { csv: { path: data/ticks } }
trigger: 1 second
merge: { into: data/ticks.csv, every: 1 second }
targets:
  standalone:
    { executor-cores: ${executorCores}, executor-memory-mb: 512, max-cores: 2, driver-memory-mb: 512 }
`;
const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const runtime = readRuntime(runtimeFile);
const slow = 90_000;

describe('a pipeline on a Spark standalone cluster', () => {
  const place = new TestService();
  const work = join(place.folder, 'work');
  const checkpoint = join(work, 'data/ticks/generation-1/checkpoint');
  const settings = (ui: string, master: string) => ({
    SLUICE_RUNTIME: runtimeFile,
    SLUICE_SPARK_MASTER: master,
    SLUICE_SPARK_MASTER_UI: ui,
    SLUICE_WORK_FOLDER: work,
  });
  let cluster: SparkCluster;
  let other: TestService;
  let service: ServiceProcess;
  let runId = 'none';

  beforeAll(async () => {
    cluster = await startSparkCluster({ folder: join(place.folder, 'cluster'), runtimeFile });
    mkdirSync(work);
    other = new TestService(settings(cluster.masterUi, cluster.master));
    await other.open();
    service = await serve();
  });
  afterAll(async () => {
    if (service) await endServiceProcess(service, 'SIGKILL');
    for (const { pid } of findDriverProcesses(runId)) process.kill(pid, 'SIGKILL');
    await waitUntil('no driver left', () => findDriverProcesses(runId).length === 0);
    await cluster?.stop();
    await other?.dispose();
    await place.dispose();
  });

  it('is refused, and not started, when no worker has the cores for one executor', async () => {
    await put('large', spec('large', 2));
    const refused = await post('large', 'start');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'CLUSTER_TOO_SMALL',
      detail: expect.stringMatching(/2 cores and 512 MiB.* 2 workers of 1 core and 1024 MiB/),
    });
    expect((await status('large')).observed.state).toBe('DRAFT');
  });

  it('is refused, and not started, when the master does not answer where it should', async () => {
    const lost = new TestService(settings('http://127.0.0.1:1', 'spark://127.0.0.1:1'));
    await lost.open();
    await lost.call('PUT', '/api/v1/pipelines/ticks?target=standalone', spec('ticks'));
    const refused = await lost.call('POST', '/api/v1/pipelines/ticks/start');
    const state = await lost.call('GET', '/api/v1/pipelines/ticks/status');
    await lost.dispose();
    expect(refused.json).toMatchObject({ status: 503, code: 'CLUSTER_UNREACHABLE' });
    expect(refused.json.detail).toContain('http://127.0.0.1:1');
    expect(state.json.observed.state).toBe('DRAFT');
  });

  it('runs, and is shown with the name that the master gave it', async () => {
    await put('ticks', spec('ticks'));
    expect((await post('ticks', 'start')).status).toBe(202);
    const seen = await waitUntil(
      'a batch',
      async () => {
        const now = await status();
        return now.progress && now.run.application ? now : undefined;
      },
      slow,
    );
    expect(seen.observed.state).toBe('RUNNING');
    expect(await applications()).toEqual([seen.run.application]);
    runId = seen.run.id;
  });

  it('is not started a second time by its service, nor by another one with its own database', async () => {
    expect(await (await post('ticks', 'start')).json()).toMatchObject({ id: runId });
    await other.call('PUT', '/api/v1/pipelines/ticks?target=standalone', spec('ticks'));
    const refused = await other.call('POST', '/api/v1/pipelines/ticks/start');
    expect(refused.json).toMatchObject({ status: 409, code: 'LEASE_HELD' });
    expect(refused.json.detail).toMatch(new RegExp(`${runId} of ticks, .*since 20\\d\\d-`));
  });

  it('refuses a bare spark-submit of its job to the cluster by its name, and goes on', async () => {
    const code = await (await fetch(`${service.url}/api/v1/pipelines/ticks/code`)).text();
    const bare = { runtime, folder: work, master: cluster.master };
    const { exitCode, log } = await submitBare(code, bare);
    expect(exitCode).toBe(77);
    expect(log).toMatch(new RegExp(`in use by ${runId} of ticks, .*since 20\\d\\d-`));
    await moreBatches();
  });

  it('is found again by the service that follows one killed with -9, and submitted no second time', async () => {
    const before = await status();
    await endServiceProcess(service, 'SIGKILL');
    service = await serve();
    const after = await reach('RUNNING');
    expect(after.run).toMatchObject({ id: runId, pid: before.run.pid, attempt: 1 });
    await moreBatches();
    expect(await applications()).toHaveLength(1);
  });

  it('does a batch again whose worker was killed in the midst of it, and stays RUNNING', async () => {
    const [frozen = 0] = cluster.workerPids;
    process.kill(-frozen, 'SIGSTOP');
    const batch = await waitUntil('an open batch', () => openBatch(checkpoint), slow);
    await cluster.killWorker(0);
    await waitUntil('its end', () => existsSync(join(checkpoint, 'commits', batch)), slow);
    await moreBatches();
    expect((await status()).observed.state).toBe('RUNNING');
  });

  it('is WAITING, with what the cluster has, while there is no worker, and goes on when there is', async () => {
    await cluster.killWorker(0);
    const waiting = await reach('WAITING');
    expect(waiting.observed.cause).toMatchObject({ code: 'CLUSTER_FULL' });
    expect(waiting.observed.cause?.sentence).toContain('512 MiB, and there are no workers');
    await cluster.startWorker();
    expect((await reach('RUNNING')).observed.cause).toBeUndefined();
    await moreBatches();
  });

  it('stays RUNNING without its master, which is said, and is seen by it again after a restart', async () => {
    await cluster.stopMaster();
    const unseen = await waitUntil(
      'it is said',
      async () => {
        const now = await status();
        return now.observed.cause ? now : undefined;
      },
      slow,
    );
    expect(unseen.observed).toMatchObject({ state: 'RUNNING', cause: { code: 'CLUSTER_UNSEEN' } });
    await moreBatches();
    await cluster.restartMaster();
    await waitUntil('nothing is said', async () => !(await status()).observed.cause, slow);
    expect(await applications()).toEqual([unseen.run.application]);
    await moreBatches();
  });

  it('stops in order, and has every row in the merged file once after all that', async () => {
    await post('ticks', 'stop');
    expect((await reach('STOPPED')).run.stop?.way).toBe('marker');
    const committed = committedRows(join(work, 'data/ticks/generation-1/parts'));
    await waitUntil('all rows', async () => (await status()).merge.rows.rows >= committed, slow);
    const [, ...rows] = readFileSync(join(work, 'data/ticks.csv'), 'utf8').trimEnd().split('\n');
    const values = rows.map((row) => Number(row.split(',')[1])).toSorted((a, b) => a - b);
    expect(values).toEqual(values.map((_, number) => number));
    expect(values).toHaveLength(committed);
  });

  function serve(): Promise<ServiceProcess> {
    const environment = { ...place.environment, ...settings(cluster.masterUi, cluster.master) };
    return startServiceProcess(environment);
  }

  async function put(name: string, body: string): Promise<void> {
    const url = `${service.url}/api/v1/pipelines/${name}?target=standalone`;
    const headers = { 'content-type': 'application/yaml' };
    expect((await fetch(url, { method: 'PUT', body, headers })).status).toBe(201);
  }

  function post(name: string, what: string): Promise<Response> {
    return fetch(`${service.url}/api/v1/pipelines/${name}/${what}`, { method: 'POST' });
  }

  async function status(name = 'ticks'): Promise<Status> {
    const reply = await fetch(`${service.url}/api/v1/pipelines/${name}/status`);
    return (await reply.json()) as Status;
  }

  function reach(state: string): Promise<Status> {
    const seen = async () => {
      const now = await status();
      return now.observed.state === state ? now : undefined;
    };
    return waitUntil(state, seen, slow);
  }

  async function moreBatches(): Promise<void> {
    const before = (await status()).progress?.batch ?? -1;
    const hasMore = async () => ((await status()).progress?.batch ?? -1) > before + 1;
    await waitUntil('more batches', hasMore, slow);
  }

  /** Names of the applications that the master has. */
  async function applications(): Promise<readonly string[]> {
    const reply = await fetch(`${cluster.masterUi}/json/`);
    const { activeapps } = (await reply.json()) as { activeapps: { id: string }[] };
    return activeapps.map(({ id }) => id);
  }
});

/** What these tests read of a status. */
interface Status {
  readonly observed: {
    readonly state: string;
    readonly cause?: { readonly code: string; readonly sentence: string };
  };
  readonly progress?: { readonly batch: number };
  readonly run: {
    readonly id: string;
    readonly pid: number;
    readonly application?: string;
    readonly stop?: { readonly way: string };
  };
  readonly merge: { readonly rows: { readonly rows: number } };
}
