import { expect, test } from 'vitest';
import { usualTargets } from '../spec/target-settings.ts';
import { compareJobDefinition } from './compare-job-definition.ts';
import { glueJobDefinition, glueRunArguments } from './glue-job-definition.ts';

const settings = { region: 'eu-west-1', role: 'sluice-job' };
const request = { pipeline: 'crypto', workFolder: 's3://bucket/work', targets: usualTargets };
const script = 's3://bucket/work/sluice/jobs/crypto/abc.py';
const definition = glueJobDefinition(request, script, settings);

test('a definition is whole: one concurrent run, no retries, no timeout, the region of S3A', () => {
  expect(definition).toEqual({
    Description: 'Kept by Sluice for the pipeline crypto: changes made here are overwritten.',
    Role: 'sluice-job',
    Command: { Name: 'gluestreaming', PythonVersion: '3', ScriptLocation: script },
    GlueVersion: '6.0',
    WorkerType: 'G.025X',
    NumberOfWorkers: 2,
    ExecutionProperty: { MaxConcurrentRuns: 1 },
    MaxRetries: 0,
    DefaultArguments: {
      '--job-language': 'python',
      '--job-bookmark-option': 'job-bookmark-disable',
      '--TempDir': 's3://bucket/work/sluice/temporary/',
      '--enable-metrics': 'true',
      '--enable-continuous-cloudwatch-log': 'true',
      '--conf': 'spark.hadoop.fs.s3a.endpoint.region=eu-west-1',
    },
  });
});

test('the spec chooses version, worker and their number', () => {
  const glue = { version: '5.1', 'worker-type': 'G.1X', workers: 4 } as const;
  const standalone = {
    ...{ 'executor-cores': 1, 'executor-memory-mb': 1024 },
    ...{ 'max-cores': 2, 'driver-memory-mb': 1024 },
  };
  const asked = glueJobDefinition({ ...request, targets: { glue, standalone } }, script, settings);
  expect(asked).toMatchObject({ GlueVersion: '5.1', WorkerType: 'G.1X', NumberOfWorkers: 4 });
});

test('all fields are new when there is no such job', () => {
  const changes = compareJobDefinition(definition, undefined);
  expect(changes).toContainEqual({ field: 'ExecutionProperty.MaxConcurrentRuns', to: '1' });
  expect(changes).toContainEqual({ field: 'Command.ScriptLocation', to: script });
  expect(changes.every(({ from }) => from === undefined)).toBe(true);
});

test('what AWS adds of its own is no difference', () => {
  const found = {
    ...definition,
    Name: 'sluice-crypto',
    Role: 'arn:aws:iam::123456789012:role/service-role/sluice-job',
    CreatedOn: new Date(0),
    Timeout: 480,
    MaxCapacity: 0.5,
    ExecutionClass: 'STANDARD' as const,
    JobMode: 'SCRIPT' as const,
  };
  expect(compareJobDefinition(definition, found)).toEqual([]);
});

test('what somebody changed by hand is said field by field, old and new', () => {
  const found = {
    ...definition,
    NumberOfWorkers: 10,
    Timeout: 60,
    ExecutionProperty: { MaxConcurrentRuns: 5 },
    DefaultArguments: { ...definition.DefaultArguments, '--conf': 'a=b', '--extra': 'x' },
    NonOverridableArguments: { '--run-id': 'always-this' },
  };
  expect(compareJobDefinition(definition, found)).toEqual([
    { field: 'NumberOfWorkers', from: '10', to: '2' },
    { field: 'ExecutionProperty.MaxConcurrentRuns', from: '5', to: '1' },
    {
      field: 'DefaultArguments.--conf',
      from: 'a=b',
      to: 'spark.hadoop.fs.s3a.endpoint.region=eu-west-1',
    },
    { field: 'Timeout', from: '60' },
    { field: 'DefaultArguments.--extra', from: 'x' },
    { field: 'NonOverridableArguments.--run-id', from: 'always-this' },
  ]);
});

test('a run is told all that it needs as arguments, with the addresses that Spark knows', () => {
  const given = glueRunArguments({
    runId: 'run-1',
    generation: 3,
    workFolder: 's3://bucket/work',
    controlFolder: 's3://bucket/work/out/generation-3/control/run-1',
    environment: { TOPIC: 'a "b"' },
  });
  expect(given).toEqual({
    '--control': 's3a://bucket/work/out/generation-3/control/run-1',
    '--run-id': 'run-1',
    '--generation': '3',
    '--folder': 's3a://bucket/work',
    '--variables': '{"TOPIC":"a \\"b\\""}',
  });
});
