import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetJobCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../aws-emulator.ts';
import { type AwsClients, openAwsClients } from './aws-clients.ts';
import { awsDemoPlaces } from './aws-demo-places.ts';
import { collectSnapshots } from './collect-snapshots.ts';
import { type DeployedStack, deleteStack, deployStack } from './deploy-stack.ts';
import { type MarketsServer, startMarketsServer } from './markets-server.ts';

describe('the committed template, deployed by CloudFormation as it is', () => {
  let folder: string;
  let emulator: AwsEmulator;
  let markets: MarketsServer;
  let clients: AwsClients;
  let stack: DeployedStack;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'deploy-stack-'));
    const places = awsDemoPlaces({ SLUICE_DEMO_FOLDER: folder });
    const { runtimeFile } = places;
    emulator = await startAwsEmulator({ folder: places.emulator, runtimeFile });
    markets = await startMarketsServer();
    clients = openAwsClients(emulator.endpoint);
    stack = await deployStack(places, clients, markets.url);
  });

  afterAll(async () => {
    await markets?.close();
    await emulator?.stop();
    for (const client of Object.values(clients ?? {})) client.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the control service its folder and its role', () => {
    expect(stack.folder).toBe(`s3://${stack.bucket}`);
    expect(stack.roleArn).toMatch(/^arn:aws:iam::\d{12}:role\/.+JobRole/);
  });

  it('runs the real bundle of the collector: an object for each event, also when one comes twice', async () => {
    const snapshots = await collectSnapshots(clients, stack);
    expect(snapshots).toHaveLength(3);
    expect(markets.charged()).toBe(3);
    for (const snapshot of snapshots) {
      expect(JSON.parse(snapshot).results).toHaveLength(100);
    }
    const list = new ListObjectsV2Command({ Bucket: stack.bucket });
    const { Contents = [] } = await clients.s3.send(list);
    const names = Contents.map(({ Key = '' }) => Key);
    expect(names).toHaveLength(3);
    for (const name of names) expect(name).toMatch(/^finance\/crypto_\d{12}00\.json$/);
  });

  it('keeps the key of the API out of the function, and starts no schedule here', async () => {
    const { Environment, Runtime } = await clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: stack.collector }),
    );
    expect(Runtime).toBe('nodejs24.x');
    expect(Object.keys(Environment?.Variables ?? {}).sort()).toEqual([
      ...['ALLOW_PRIVATE', 'BUCKET', 'COINGECKO_URL', 'KEY_PARAMETER', 'PAGES', 'PREFIX'],
    ]);
    expect(Environment?.Variables?.KEY_PARAMETER).toBe('');
  });

  it('is deleted as a whole, but for the bucket with its data', async () => {
    await deleteStack(clients);
    const list = new ListObjectsV2Command({ Bucket: stack.bucket });
    expect((await clients.s3.send(list)).Contents).toHaveLength(3);
    const glue = new GlueClient({
      endpoint: emulator.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await expect(
      glue.send(new GetJobCommand({ JobName: 'sluice-crypto-markets' })),
    ).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    glue.destroy();
  });
});
