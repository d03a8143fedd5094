import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleSpec } from './fixtures/sample-spec.ts';
import { type RawCall, sendRaw } from './fixtures/send-raw.ts';
import { TestService } from './fixtures/test-service.ts';

const pipelines = '/api/v1/pipelines';
const spec = sampleSpec('sample');
let it: TestService;
let address: string;

beforeAll(async () => {
  it = new TestService();
  await it.open();
  await it.call('PUT', `${pipelines}/sample`, spec);
  address = (await it.app?.api.listen({ host: '127.0.0.1', port: 0 })) ?? '';
});
afterAll(() => it.dispose());

describe('specs', () => {
  test('a new one is 201 with its address, the same again 200, and both carry the revision as ETag', async () => {
    const created = await it.call('PUT', `${pipelines}/other`, sampleSpec('other'));
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ location: `${pipelines}/other`, etag: '"1"' });
    expect((await it.call('PUT', `${pipelines}/other`, sampleSpec('other'))).status).toBe(200);
    expect((await it.call('GET', `${pipelines}/other`)).json).toMatchObject({
      name: 'other',
      revision: 1,
      spec: sampleSpec('other'),
      desired: 'STOPPED',
      observed: { state: 'DRAFT' },
    });
    expect((await it.call('DELETE', `${pipelines}/other`)).status).toBe(204);
  });

  test('JSON is a spec too', async () => {
    const json = JSON.stringify({
      pipeline: 'json-one',
      source: { rate: {} },
      sink: { console: {} },
    });
    const answer = await raw('PUT', `${pipelines}/json-one`, {
      body: json,
      type: 'application/json',
    });
    expect(answer.status).toBe(201);
    expect((await it.call('DELETE', `${pipelines}/json-one`)).status).toBe(204);
  });

  test('one with errors is 422 with findings that have a place, and nothing is kept', async () => {
    const answer = await it.call('PUT', `${pipelines}/bad`, 'pipeline: bad\nsorce: {}\n');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json).toMatchObject({ status: 422, code: 'SPEC_REFUSED' });
    expect(answer.json.findings[0]).toMatchObject({
      line: expect.any(Number),
      hint: expect.any(String),
    });
    expect((await it.call('GET', `${pipelines}/bad`)).status).toBe(404);
  });

  test('one that names another pipeline than its address is refused', async () => {
    const answer = await it.call('PUT', `${pipelines}/unlike`, spec);
    expect(answer.json).toMatchObject({ status: 422, code: 'NAME_DIFFERS' });
  });

  test('If-Match refuses a change on top of a revision that is no longer the last', async () => {
    const put = (etag: string) =>
      raw('PUT', `${pipelines}/sample`, { body: spec, headers: { 'if-match': etag } });
    expect((await put('"1"')).status).toBe(200);
    expect((await put('"7"')).json).toMatchObject({ status: 412, code: 'REVISION_DIFFERS' });
    expect((await put('seven')).json).toMatchObject({ status: 400, code: 'PARAMETER_INVALID' });
  });

  test('a target is kept until another one is given, and an unknown one is refused', async () => {
    const put = (query: string) => it.call('PUT', `${pipelines}/sample${query}`, spec);
    expect((await put('?target=standalone')).json).toMatchObject({ target: 'standalone' });
    expect((await put('')).json).toMatchObject({ target: 'standalone' });
    expect((await put('?target=mars')).json).toMatchObject({ code: 'PARAMETER_INVALID' });
    const start = await it.call('POST', `${pipelines}/sample/start`);
    expect(start.json).toMatchObject({ status: 409, code: 'TARGET_UNCONFIGURED' });
    expect((await put('?target=local')).json).toMatchObject({ target: 'local' });
  });

  test('validate answers 200 with all findings and keeps nothing', async () => {
    const bad = await it.call('POST', '/api/v1/validate', 'pipeline: unkept\nsorce: {}\n');
    expect(bad.status).toBe(200);
    expect(bad.json.error_count).toBeGreaterThan(0);
    expect((await it.call('POST', '/api/v1/validate', spec)).json).toEqual({
      error_count: 0,
      findings: [],
    });
    expect((await it.call('GET', `${pipelines}/unkept`)).status).toBe(404);
  });

  test('the code of a pipeline is Python', async () => {
    const answer = await it.call('GET', `${pipelines}/sample/code`);
    expect(answer.headers['content-type']).toBe('text/x-python; charset=utf-8');
    expect(answer.text).toContain('SparkSession');
  });
});

describe('pages', () => {
  test('a list says how many there are in all', async () => {
    const answer = await it.call('GET', `${pipelines}?from=0&size=1`);
    expect(answer.json).toMatchObject({ from: 0, size: 1, total: 1, items: [{ name: 'sample' }] });
    expect((await it.call('GET', `${pipelines}?from=5`)).json).toMatchObject({
      total: 1,
      items: [],
    });
  });

  test.each(['from=-1', 'size=1001', 'size=x', 'form=1'])('%s is refused', async (query) => {
    const answer = await it.call('GET', `${pipelines}?${query}`);
    expect(answer.json).toMatchObject({ status: 400, code: 'PARAMETER_INVALID' });
  });

  test('runs and log lines of a run come in pages', async () => {
    const { json: run } = await it.call('POST', `${pipelines}/sample/start`);
    await it.waitForState('sample', 'RUNNING');
    expect((await it.call('GET', `/api/v1/runs/${run.id}`)).json.id).toBe(run.id);
    const runs = await it.call('GET', `${pipelines}/sample/runs`);
    expect(runs.json).toMatchObject({ total: 1, items: [{ id: run.id, attempt: 1 }] });
    const log = (query: string) => it.call('GET', `/api/v1/runs/${run.id}/log${query}`);
    expect((await log('')).json).toMatchObject({ id: run.id, from: 0, total: 2 });
    expect((await log('?from=1&size=1')).json.log).toEqual([expect.stringContaining('fake')]);
    expect((await log('?size=1')).json).toMatchObject({ from: 1, total: 2 });
    await it.call('POST', `${pipelines}/sample/stop`);
    await it.waitForState('sample', 'STOPPED');
  });
});

describe('the service itself', () => {
  test('it is live and ready', async () => {
    expect((await it.call('GET', '/health/live')).json).toEqual({ status: 'ok', checks: [] });
    const ready = await it.call('GET', '/health/ready');
    expect(ready.json).toMatchObject({ status: 'ok' });
    expect(ready.json.checks.map(({ name }: { name: string }) => name)).toEqual([
      'store',
      'runtime',
      'watcher',
    ]);
  });

  test('the OpenAPI document has every route', async () => {
    const { json } = await it.call('GET', '/openapi.json');
    const documented = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const registered = it.app?.routes.all() ?? [];
    const expected = registered.map(
      ({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    expect(documented.sort()).toEqual([...expected].sort());
    expect(json.info.title).toBe('Sluice');
  });
});

function raw(method: string, path: string, call: RawCall = {}) {
  return sendRaw(address, `${method} ${path}`, call);
}
