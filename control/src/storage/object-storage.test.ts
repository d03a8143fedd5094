import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SluiceError } from '../errors/sluice-error.ts';
import { openStorage } from './open-storage.ts';
import type { Storage } from './storage.ts';

/** Answers each request as the documentation of S3 says that it would. */
let server: Server;
let storage: Storage;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[];

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  storage = openStorage(settings());
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

test.each([
  [404, 'NoSuchBucket', '', 'BUCKET_MISSING', 'The bucket rows does not exist'],
  [301, 'PermanentRedirect', '', 'BUCKET_ELSEWHERE', 'rows is in eu-west-3, not in us-east-1'],
  [
    400,
    'AuthorizationHeaderMalformed',
    '<Region>eu-central-1</Region>',
    'BUCKET_ELSEWHERE',
    'rows is in eu-central-1',
  ],
  [400, 'ExpiredToken', '', 'AWS_CREDENTIALS_REFUSED', 'S3 refuses the credentials: ExpiredToken'],
  [403, 'InvalidAccessKeyId', '', 'AWS_CREDENTIALS_REFUSED', 'refuses the credentials'],
  [403, 'AccessDenied', '', 'AWS_ACCESS_DENIED', 'denies access to s3://rows/a/b'],
  [503, 'SlowDown', '', 'AWS_THROTTLED', 'asked too often and answers SlowDown'],
  [400, 'InvalidRequest', '', 'AWS_FAILED', 'S3 failed on s3://rows/a/b: InvalidRequest'],
  [500, 'InternalError', '', 'AWS_UNREACHABLE', 'S3 gives no answer that helps: InternalError'],
] as const)('%s %s %s becomes %s', async (status, name, more, code, words) => {
  answer = (_request, response) => {
    response.writeHead(status, { 'x-amz-bucket-region': 'eu-west-3' });
    response.end(errorBody(name, more));
  };
  const failures = await Promise.all([
    failureOf(storage.read('s3://rows/a/b', 10)),
    failureOf(storage.exists('s3a://rows/a/b')),
    failureOf(storage.list('s3://rows/a/b')),
    failureOf(storage.replace('s3://rows/a/b', 'x')),
  ]);
  expect(failures.map((failure) => failure.code)).toEqual([code, code, code, code]);
  expect(failures[0].message).toContain(words);
  expect(failures[0].message).not.toMatch(/\{\w+\}/);
});

test('a key that is not there is undefined, and an empty object has no bytes', async () => {
  answer = (request, response) => {
    const isEmpty = request.url?.includes('empty');
    response.writeHead(isEmpty ? 416 : 404);
    response.end(errorBody(isEmpty ? 'InvalidRange' : 'NoSuchKey'));
  };
  expect(await storage.read('s3://rows/absent', 10)).toBeUndefined();
  expect(await storage.exists('s3://rows/absent')).toBe(false);
  expect(await storage.read('s3://rows/empty', 10)).toHaveLength(0);
  expect(await storage.exists('s3://rows/empty')).toBe(true);
});

test('a listing goes on to its last page and gives the names of files and folders once', async () => {
  answer = (request, response) => {
    const isSecond = request.url?.includes('continuation-token=more');
    response.end(isSecond ? page('a/d/', '') : page('a/c', '<IsTruncated>true</IsTruncated>'));
  };
  expect(await storage.list('s3://rows/a')).toEqual(['c', 'sub', 'd']);
  expect(asked[0]).toContain('delimiter=%2F');
  expect(asked[0]).toContain('prefix=a%2F');
});

test('throttling that passes is not noticed', async () => {
  answer = (_request, response) => {
    if (asked.length === 1) response.writeHead(503).end(errorBody('SlowDown'));
    else response.end('hello');
  };
  expect((await storage.read('s3://rows/a', 10))?.toString()).toBe('hello');
});

test('a store that does not answer is unreachable', async () => {
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(unused.address() as AddressInfo).port}`;
  await new Promise((resolve) => unused.close(resolve));
  const failure = await failureOf(
    openStorage({ region: 'us-east-1', endpoint }).read('s3://rows/a', 10),
  );
  expect(failure.code).toBe('AWS_UNREACHABLE');
  expect(failure.message).toContain('ECONNREFUSED');
});

function settings() {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { region: 'us-east-1', endpoint };
}

function errorBody(code: string, more = ''): string {
  return `<Error><Code>${code}</Code><Message>in words.</Message>${more}</Error>`;
}

function page(key: string, end: string): string {
  const token = end === '' ? '' : '<NextContinuationToken>more</NextContinuationToken>';
  return `<ListBucketResult><Contents><Key>a/</Key></Contents><Contents><Key>${key}</Key></Contents>
    <CommonPrefixes><Prefix>a/sub/</Prefix></CommonPrefixes>${token}${end}</ListBucketResult>`;
}

async function failureOf(promise: Promise<unknown>): Promise<SluiceError> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof SluiceError) return failure;
  throw new Error(`not an error of the catalogue: ${failure}`);
}
