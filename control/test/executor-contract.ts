import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriverRequest, Executor, Observation } from '../src/executors/executor.ts';
import type { RunHandle } from '../src/store/run-handle.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/**
 * How the job of a run behaves: `lives` until it is asked to stop, `fails` by itself, `works` on Spark and ends. `lives`
 * prints the lines `line 0` to `line 299` first.
 */
export type JobBehaviour = 'lives' | 'fails' | 'works';

/** One target with everything a run needs, so that the same promises can be held against all of them. */
export interface ContractPlace {
  /** A new executor that knows nothing of earlier ones, as after a restart of the service. */
  makeExecutor(): Executor;
  request(runId: string, behaviour: JobBehaviour): Promise<DriverRequest>;
  /** How many drivers were ever started for a run. */
  countStarts(runId: string): Promise<number>;
  /** An executor and a handle with which nobody can tell whether the driver is there. */
  hideDriver(
    handle: RunHandle,
  ): Promise<{ readonly executor: Executor; readonly handle: RunHandle }>;
  /** Takes the driver away so that nothing says how it ended. */
  vanish(handle: RunHandle): Promise<void>;
  /** What is seen of a driver that failed by itself, and of one that was ended by `terminate`. */
  readonly seen: { readonly failed: Observation; readonly terminated: Observation };
  /** How long a start or an end may take. */
  readonly deadlineMs: number;
  close(): Promise<void>;
}

/** The promises of the five methods, as tests that build on each other. */
export function holdToContract(name: string, openPlace: () => Promise<ContractPlace>): void {
  describe(`the executor of ${name}`, () => {
    const stage = new ContractStage();
    beforeAll(async () => stage.open(await openPlace()));
    afterAll(() => stage.close());
    promiseOneDriver(stage);
    promiseTruth(stage);
    promiseEnds(stage);
  });
}

/** What the tests of one place share: above all a driver that lives through most of them. */
class ContractStage {
  readonly #started: RunHandle[] = [];
  #place: ContractPlace | undefined;
  #living: { readonly request: DriverRequest; readonly handle: RunHandle } | undefined;

  open(place: ContractPlace): void {
    this.#place = place;
  }

  get place(): ContractPlace {
    if (this.#place === undefined) throw new Error('the place could not be opened');
    return this.#place;
  }

  get living() {
    if (this.#living === undefined) throw new Error('the first test left no driver');
    return this.#living;
  }

  async startLiving(handles: (request: DriverRequest) => Promise<RunHandle>): Promise<void> {
    const request = await this.request('lives');
    this.#living = { request, handle: await handles(request) };
  }

  request(behaviour: JobBehaviour): Promise<DriverRequest> {
    return this.place.request(newRunId(), behaviour);
  }

  async submit(request: DriverRequest, executor = this.place.makeExecutor()): Promise<RunHandle> {
    const handle = await executor.submit(request);
    this.#started.push(handle);
    return handle;
  }

  /** What an executor that has just been made sees. */
  observe(handle: RunHandle): Promise<Observation> {
    return this.place.makeExecutor().observe(handle);
  }

  kill(handle: RunHandle, how: 'terminate' | 'force'): Promise<void> {
    return this.place.makeExecutor().kill(handle, how);
  }

  async lines(handle: RunHandle): Promise<readonly string[]> {
    return (await this.place.makeExecutor().readLog(handle, 0, 10_000)).lines;
  }

  async waitForStart(handle: RunHandle): Promise<void> {
    const hasSaidAll = async () => (await this.lines(handle)).includes('line 299');
    await waitUntil('a start', hasSaidAll, this.place.deadlineMs);
  }

  waitForEnd(handle: RunHandle): Promise<Observation> {
    const look = async () => {
      const seen = await this.observe(handle);
      return seen.kind === 'running' ? undefined : seen;
    };
    return waitUntil('the end', look, this.place.deadlineMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((handle) => this.kill(handle, 'force')));
    await this.#place?.close();
  }
}

function promiseOneDriver(stage: ContractStage): void {
  it('starts one driver for a run that is submitted twice at once and once more', async () => {
    await stage.startLiving(async (request) => {
      const { place } = stage;
      const executor = place.makeExecutor();
      expect(await executor.find(request.runId, request.runFolder)).toBeUndefined();
      const submits = [stage.submit(request, executor), stage.submit(request, executor)];
      const [first, second] = await Promise.all(submits);
      expect(second).toEqual(first);
      expect(await stage.submit(request, executor)).toEqual(first);
      await stage.waitForStart(first as RunHandle);
      expect(await place.countStarts(request.runId)).toBe(1);
      return first as RunHandle;
    });
  });

  it('finds a driver again whose handle was lost in a crash, and starts no second one', async () => {
    const { request, handle } = stage.living;
    const afterCrash = stage.place.makeExecutor();
    expect(await afterCrash.find(request.runId, request.runFolder)).toEqual(handle);
    expect(await stage.submit(request, afterCrash)).toEqual(handle);
    expect(await stage.place.countStarts(request.runId)).toBe(1);
  });
}

function promiseTruth(stage: ContractStage): void {
  it('takes a handle that went through JSON, in another executor', async () => {
    const handle = JSON.parse(JSON.stringify(stage.living.handle)) as RunHandle;
    expect(await stage.observe(handle)).toMatchObject({ kind: 'running' });
  });

  it('gives pages of the log with a true total', async () => {
    const { handle } = stage.living;
    const executor = stage.place.makeExecutor();
    const { total, lines } = await executor.readLog(handle, 0, 10_000);
    expect(total).toBe(lines.length);
    const from = lines.indexOf('line 100');
    const page = await executor.readLog(handle, from, 3);
    expect(page).toMatchObject({ from, lines: ['line 100', 'line 101', 'line 102'] });
    expect(page.total).toBeGreaterThanOrEqual(total);
    expect((await executor.readLog(handle, total + 1000, 3)).lines).toEqual([]);
  });

  it('says unreachable, and not gone, when it cannot tell', async () => {
    const { executor, handle } = await stage.place.hideDriver(stage.living.handle);
    const seen = await executor.observe(handle);
    expect(seen).toMatchObject({ kind: 'unreachable', why: expect.stringMatching(/./) });
  });
}

function promiseEnds(stage: ContractStage): void {
  it('ends a driver by terminate, and further kills of either sort do nothing', async () => {
    const { handle } = stage.living;
    await stage.kill(handle, 'terminate');
    expect(await stage.waitForEnd(handle)).toMatchObject(stage.place.seen.terminated);
    await stage.kill(handle, 'terminate');
    await stage.kill(handle, 'force');
    expect(await stage.observe(handle)).toMatchObject(stage.place.seen.terminated);
  });

  it('sees that a driver failed, and still does after a restart', async () => {
    const handle = await stage.submit(await stage.request('fails'));
    expect(await stage.waitForEnd(handle)).toMatchObject(stage.place.seen.failed);
    expect(await stage.observe(handle)).toMatchObject(stage.place.seen.failed);
  });

  it('sees that a job worked on Spark and ended well, and starts it no second time', async () => {
    const request = await stage.request('works');
    const handle = await stage.submit(request);
    expect(await stage.waitForEnd(handle)).toEqual({ kind: 'succeeded' });
    expect(await stage.lines(handle)).toContain('Spark counted 1000 rows');
    expect(await stage.observe(await stage.submit(request))).toEqual({ kind: 'succeeded' });
    expect(await stage.place.countStarts(request.runId)).toBe(1);
  });

  it('says gone when a driver is not there and nothing tells how it ended', async () => {
    const handle = await stage.submit(await stage.request('lives'));
    await stage.waitForStart(handle);
    await stage.place.vanish(handle);
    const seen = await stage.waitForEnd(handle);
    expect(seen).toMatchObject({ kind: 'gone', why: expect.stringMatching(/./) });
    await stage.kill(handle, 'force');
  });
}

/** Unlike any other on this machine: drivers are looked for in the whole process table. */
function newRunId(): string {
  return `run-${randomBytes(8).toString('hex')}`;
}
