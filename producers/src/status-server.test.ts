import { expect, it } from 'vitest';
import { startStatusServer } from './status-server.ts';

it('says that it is unwell while events wait and none is acknowledged, and well again after', async () => {
  const counts = { sent: 5, acked: 2, failed: 0 };
  const source = { port: 0, name: 'test', counts: () => counts, stuckAfterMs: 50 };
  const server = await startStatusServer(source);
  const deadline = performance.now() + 10_000;
  let health = await fetch(`${server.url}/health`);
  while (health.status !== 503 && performance.now() < deadline) {
    health = await fetch(`${server.url}/health`);
  }
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    status: expect.stringContaining('nothing acknowledged'),
  });
  counts.acked = 5;
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await server.close();
});

it('answers nothing but health and metrics, and on this machine only', async () => {
  const counts = () => ({ sent: 0, acked: 0, failed: 0 });
  const server = await startStatusServer({ port: 0, name: 'test', counts });
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect((await fetch(`${server.url}/other`)).status).toBe(404);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain(
    'process_cpu_seconds_total',
  );
  const port = Number(new URL(server.url).port);
  await expect(startStatusServer({ port, name: 'test', counts })).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
  });
  await server.close();
});
