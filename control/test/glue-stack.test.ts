import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { glueJobDefinition, glueJobName } from '../src/executors/glue-job-definition.ts';
import { usualTargets } from '../src/spec/target-settings.ts';

const file = new URL('../../infra/cloudformation/crypto-markets.template.json', import.meta.url);
const template = JSON.parse(readFileSync(file, 'utf8'));

/** What CloudFormation puts in the place of references, in a stack with nothing but defaults. */
const values: Readonly<Record<string, string>> = {
  DataBucket: 'prices',
  'JobRole.Arn': 'arn:aws:iam::1:role/job',
  'AWS::Region': 'eu-west-1',
};

it('the stack defines the job as the service does, but for the script that the first start uploads', () => {
  const { Name, ...fromStack } = resolve(template.Resources.StreamingJob.Properties) as {
    readonly Name: string;
    readonly Command: { readonly ScriptLocation: string };
  };
  const place = { region: 'eu-west-1', role: 'arn:aws:iam::1:role/job' };
  const request = { pipeline: 'crypto-markets', workFolder: 's3://prices', targets: usualTargets };
  const fromService = glueJobDefinition(request, fromStack.Command.ScriptLocation, place);
  expect(Name).toBe(glueJobName('crypto-markets'));
  expect(fromStack).toEqual(fromService);
  expect(fromStack.Command.ScriptLocation).toMatch(
    /^s3:\/\/prices\/sluice\/jobs\/crypto-markets\//,
  );
});

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, string[]>;
  if (Ref !== undefined) return resolveName(String(Ref));
  if (attribute !== undefined) return resolveName(attribute.join('.'));
  if (join !== undefined) return (resolve(join[1]) as string[]).join('');
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolve(one)]));
}

function resolveName(name: string): unknown {
  return values[name] ?? template.Parameters[name].Default;
}
