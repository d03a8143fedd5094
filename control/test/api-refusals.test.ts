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

  test('a spec of 10 MB is 422 with a finding, and a body over the limit of its route 413', async () => {
    const nested = await it.call('PUT', `${pipelines}/sample`, '['.repeat(10_000_000));
    expect(nested.json).toMatchObject({ status: 422, findings: [{ rule: 'SPEC_TOO_LARGE' }] });
    const large = await it.call('PUT', `${pipelines}/sample`, 'x'.repeat(16 * 1024 * 1024 + 1));
    expect(large.json).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    const stray = await it.call('POST', `${pipelines}/sample/start`, 'x'.repeat(256 * 1024 + 1));
    expect(stray.json).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
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

function raw(method: string, path: string, call: RawCall = {}) {
  return sendRaw(address, `${method} ${path}`, call);
}
