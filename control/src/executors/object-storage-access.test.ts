import { expect, test } from 'vitest';
import {
  objectStorageEnvironment,
  objectStorageJars,
  objectStorageWords,
  requireS3aJars,
} from './object-storage-access.ts';
import type { Runtime } from './runtime.ts';

const emulator = { region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' };

test('a driver without paths in buckets gets neither jars nor keys', () => {
  expect(objectStorageWords({ objectStorage: false }, emulator)).toEqual([]);
  expect(objectStorageJars({ objectStorage: false }, runtimeWith([]))).toEqual([]);
  const environment = objectStorageEnvironment({ objectStorage: false }, secrets);
  expect(environment).toEqual({});
});

test('a driver with paths in buckets gets the jars, the region and the endpoint as arguments', () => {
  const jars = objectStorageJars({ objectStorage: true }, runtimeWith(['/a.jar', '/b.jar']));
  expect(jars).toEqual(['/a.jar', '/b.jar']);
  const words = objectStorageWords({ objectStorage: true }, emulator);
  expect(words).toContain('spark.hadoop.fs.s3a.endpoint=http://127.0.0.1:4566');
  expect(words).toContain('spark.hadoop.fs.s3a.path.style.access=true');
  expect(words).toContain('spark.hadoop.fs.s3a.endpoint.region=eu-west-1');
  const atAws = objectStorageWords({ objectStorage: true }, { region: 'eu-west-1' });
  expect(atAws.join(' ')).not.toMatch(/endpoint=|path.style/);
});

test('keys go through the environment alone, and nothing else of the service goes with them', () => {
  const environment = objectStorageEnvironment({ objectStorage: true }, secrets);
  expect(environment).toEqual({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
});

test('without the jars it is said how to get them', () => {
  expect(() => requireS3aJars(runtimeWith([]))).toThrow("Spark's connector to S3 is not set up");
  const jars = () => objectStorageJars({ objectStorage: true }, runtimeWith([]));
  expect(jars).toThrow(expect.objectContaining({ code: 'S3A_NOT_SET_UP' }));
});

const secrets = {
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_BEARER_TOKEN_BEDROCK: 'other',
  SECRET_OF_THE_SERVICE: 'x',
};

function runtimeWith(s3aJars: string[]): Runtime {
  return {
    version: 1,
    java: { command: '/java', version: '17' },
    python: '/python3',
    spark: { version: '4.1.1', home: '/spark', submit: '/spark-submit', jars: [], s3aJars },
    classData: null,
    aws: null,
  };
}
