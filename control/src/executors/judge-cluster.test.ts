import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { judgeApplication, refuseCluster } from './judge-cluster.ts';
import { askMaster, type ClusterView, type MasterAnswer } from './spark-master.ts';

const place = { master: 'spark://m:7077', masterUi: 'http://m:8080' };
const wish = {
  ...{ 'executor-cores': 2, 'executor-memory-mb': 1024 },
  ...{ 'max-cores': 4, 'driver-memory-mb': 1024 },
};
const idle = { state: 'ALIVE', host: 'w', cores: 2, coresfree: 2, memory: 2048, memoryfree: 2048 };
const busy = { ...idle, coresfree: 0, memoryfree: 0 };
const dead = { ...idle, state: 'DEAD' };
const silent: MasterAnswer = { problem: 'connect ECONNREFUSED 127.0.0.1:1' };

test('a cluster with one worker that can hold an executor is accepted, even if it is busy now', () => {
  expect(refuseCluster(wish, seen({ workers: [busy] }), place)).toBeUndefined();
});

test('a cluster whose workers are all too small is refused with what was asked and what is there', () => {
  const small = { ...idle, cores: 1 };
  const refusal = refuseCluster(wish, seen({ workers: [small, small, dead] }), place);
  expect(refusal).toMatchObject({
    code: 'CLUSTER_TOO_SMALL',
    parameters: { cores: '2 cores', memory: 1024, has: '2 workers of 1 core and 2048 MiB' },
  });
});

test('cores on one worker and memory on another make no executor', () => {
  const workers = [
    { ...idle, memory: 512 },
    { ...idle, cores: 1 },
  ];
  expect(refuseCluster(wish, seen({ workers }), place)?.code).toBe('CLUSTER_TOO_SMALL');
});

test('a cluster without living workers is refused', () => {
  const refusal = refuseCluster(wish, seen({ workers: [dead] }), place);
  expect(refusal?.parameters).toMatchObject({ has: 'no workers' });
});

test('fewer cores in all than one executor takes are refused without asking the master', () => {
  const refusal = refuseCluster({ ...wish, 'max-cores': 1 }, silent, place);
  expect(refusal?.code).toBe('CLUSTER_CORES_TOO_FEW');
});

test('a master that does not answer refuses a start and is a mere note on what runs', () => {
  expect(refuseCluster(wish, silent, place)?.code).toBe('CLUSTER_UNREACHABLE');
  const judged = judgeApplication('app-1', silent, place);
  expect(judged).toMatchObject({ note: { code: 'CLUSTER_UNSEEN' } });
  expect(judged.waiting).toBeUndefined();
});

test('an application with cores works; one without waits and is told what is free', () => {
  const app = { id: 'app-1', state: 'RUNNING', cores: 2, memoryperexecutor: 1024 };
  expect(judgeApplication('app-1', seen({ activeapps: [app] }), place)).toEqual({});
  const none = seen({ activeapps: [{ ...app, cores: 0 }], workers: [busy, dead] });
  expect(judgeApplication('app-1', none, place).waiting).toMatchObject({
    code: 'CLUSTER_FULL',
    parameters: { memory: 1024, free: 'the workers have free: 0 of 2 cores and 0 MiB' },
  });
});

test('an application that its master forgot waits; one that has finished is left to its driver', () => {
  expect(judgeApplication('app-1', seen({}), place).waiting?.code).toBe('CLUSTER_FORGOT');
  const finished = seen({ completedapps: [{ id: 'app-1', state: 'FINISHED' }] });
  expect(judgeApplication('app-1', finished, place)).toEqual({});
  const killed = seen({ completedapps: [{ id: 'app-1', state: 'KILLED' }] });
  expect(judgeApplication('app-1', killed, place).waiting?.parameters.why).toContain('KILLED');
});

test.each([
  ['an address where nobody is', undefined, /ECONNREFUSED/],
  ['a page that is not of a master', '<html>', /not that of a master/],
  ['an object that is not of a master', '{"status":"ALIVE"}', /not that of a master/],
  ['a master that recovers', JSON.stringify(view({ status: 'RECOVERING' })), /it is RECOVERING/],
])('%s gives no view, and says why', async (_, answer, problem) => {
  const server = createServer((_request, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (answer === undefined) server.close();
  const asked = await askMaster(`http://127.0.0.1:${port}`);
  server.close();
  expect(asked).toEqual({ problem: expect.stringMatching(problem) });
});

function seen(parts: Partial<ClusterView>): MasterAnswer {
  return { view: view(parts) };
}

function view(parts: Partial<ClusterView>): ClusterView {
  return { status: 'ALIVE', workers: [], activeapps: [], completedapps: [], ...parts };
}
