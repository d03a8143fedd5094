import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleSpec } from './fixtures/sample-spec.ts';
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

describe('what is refused', () => {
  test.each([
    ['GET', '/nowhere', 404, 'ROUTE_UNKNOWN'],
    ['GET', `${pipelines}/absent`, 404, 'PIPELINE_UNKNOWN'],
    ['GET', `${pipelines}/absent/status`, 404, 'PIPELINE_UNKNOWN'],
    ['POST', `${pipelines}/absent/start`, 404, 'PIPELINE_UNKNOWN'],
    ['POST', `${pipelines}/absent/stop`, 404, 'PIPELINE_UNKNOWN'],
    ['DELETE', `${pipelines}/absent`, 404, 'PIPELINE_UNKNOWN'],
    ['GET', '/api/v1/runs/run-0', 404, 'RUN_UNKNOWN'],
    ['POST', `${pipelines}/sample`, 405, 'METHOD_REFUSED'],
    ['GET', `${pipelines}/sample/start`, 405, 'METHOD_REFUSED'],
    ['DELETE', '/openapi.json', 405, 'METHOD_REFUSED'],
  ] as const)('%s %s is %i %s', async (method, url, status, code) => {
    const answer = await it.call(method, url);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json).toMatchObject({
      status,
      code,
      type: expect.any(String),
      title: expect.any(String),
    });
    expect(answer.json.detail).toBeTruthy();
    expect(answer.json.next).toBeTruthy();
    if (status === 405) expect(answer.headers.allow).toBeTruthy();
  });

  const unsafe = [
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    'a%00',
    'a%5cb',
    'A',
    '-a',
    'a_b',
    'a.b',
    '%F0%9F%98%80',
    'a'.repeat(64),
    'x'.repeat(3000),
    '%zz',
    "a'--",
    'a%0Ab',
    ' ',
  ];
  test.each(unsafe.map((name) => [name.slice(0, 40), name]))(
    'the name %s never reaches a file',
    async (_, name) => {
      for (const url of [`${pipelines}/${name}/status`, `/api/v1/runs/${name}/log`]) {
        const { status, json } = await raw('GET', url);
        expect([400, 404, 414]).toContain(status);
        expect(json.code).toMatch(/NAME_INVALID|ROUTE_UNKNOWN|BODY_INVALID/);
      }
    },
  );

  test('a body over the limit is 413, and one of just the limit is read', async () => {
    const large = await it.call('PUT', `${pipelines}/sample`, 'x'.repeat(256 * 1024 + 1));
    expect(large.json).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    const nested = await it.call('PUT', `${pipelines}/sample`, '['.repeat(256 * 1024));
    expect(nested.json.status).toBe(422);
  });

  test('JSON that is none is 400 and an empty spec is 422', async () => {
    const broken = await raw('PUT', `${pipelines}/sample`, {
      body: '{"a":',
      type: 'application/json',
    });
    expect(broken.json).toMatchObject({ status: 400, code: 'BODY_INVALID' });
    expect((await raw('PUT', `${pipelines}/sample`, {})).json.status).toBe(422);
  });

  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/yaml\ta=b',
    'application/yaml ; a=b',
    'application/json;charset=latin1',
    'application/json, application/yaml',
    'application/jsonx',
    ' application/x',
    'application/yaml;;',
    'json',
    '',
  ];
  test.each(types)('the content type "%s" is 415', async (type) => {
    const answer = await raw('PUT', `${pipelines}/sample`, { body: spec, type });
    expect(answer.json).toMatchObject({ status: 415, code: 'MEDIA_TYPE_REFUSED' });
  });

  test.each([
    'Application/YAML',
    'application/yaml; charset=utf-8',
    'application/yaml;charset=UTF-8',
  ])('the content type %s is read', async (type) => {
    expect((await raw('PUT', `${pipelines}/sample`, { body: spec, type })).status).toBe(200);
  });

  test.each([
    ['host', 'evil.example', 'HOST_REFUSED'],
    ['host', '127.0.0.1.evil.example:8350', 'HOST_REFUSED'],
    ['host', 'localhost@evil.example', 'HOST_REFUSED'],
    ['origin', 'https://evil.example', 'ORIGIN_REFUSED'],
    ['origin', 'null', 'ORIGIN_REFUSED'],
    ['sec-fetch-site', 'cross-site', 'ORIGIN_REFUSED'],
    ['sec-fetch-site', 'same-site', 'ORIGIN_REFUSED'],
  ])('a request with %s %s is 403', async (name, value, code) => {
    const answer = await raw('POST', `${pipelines}/sample/start`, { headers: { [name]: value } });
    expect(answer.json).toMatchObject({ status: 403, code });
  });

  test('a page of this service may send requests', async () => {
    const headers = { origin: address, 'sec-fetch-site': 'same-origin' };
    expect((await raw('GET', '/health/live', { headers })).status).toBe(200);
  });

  test('what is not HTTP gets a problem too', async () => {
    const answer = await raw('GET', '/health/live', { headers: { 'x-large': 'x'.repeat(20_000) } });
    expect(answer.json).toMatchObject({ status: 400, code: 'BODY_INVALID' });
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

interface RawCall {
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Over a real connection, so that headers and paths arrive as they are written here. */
async function raw(method: string, path: string, { body, type, headers = {} }: RawCall = {}) {
  const url = new URL(address);
  const { status, text } = await new Promise<{ status: number; text: string }>(
    (resolve, reject) => {
      const sent = request(
        {
          host: url.hostname,
          port: url.port,
          method,
          path: encodePath(path),
          headers: {
            ...(body === undefined ? {} : { 'content-type': type ?? 'application/yaml' }),
            ...headers,
          },
        },
        (response) => {
          response.setEncoding('utf8');
          let received = '';
          response.on('data', (chunk) => {
            received += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text: received }));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    },
  );
  return { status, json: text === '' ? undefined : JSON.parse(text) };
}

function encodePath(path: string): string {
  return path.replaceAll(' ', '%20');
}
