import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from './aws-emulator.ts';
import { endProcess } from './child-process-end.ts';
import { claimPorts } from './free-ports.ts';

const runtimeFile = join(import.meta.dirname, '../../.sluice/runtime.json');
const module = join(import.meta.dirname, 'aws-emulator.ts');
const program = join(import.meta.dirname, '../emulator/serve.py');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-emulator-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('an emulator that was stopped goes on at the same port with what was in its folder', async () => {
  const first = await startAwsEmulator({ folder, runtimeFile });
  await withS3(first, async (s3) => {
    await s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
    await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a/b', Body: 'here' }));
  });
  await first.stop();
  await first.stop();
  const port = Number(new URL(first.endpoint).port);
  const second = await startAwsEmulator({ folder, runtimeFile, port });
  expect(second.endpoint).toBe(first.endpoint);
  await withS3(second, async (s3) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'a/b' }));
    expect(await Body?.transformToString()).toBe('here');
  });
  await expect(startAwsEmulator({ folder, runtimeFile, port })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 cannot be taken`,
  );
  await second.stop();
});

it('an emulator ends with the program that started it, however that ends', async () => {
  const options = JSON.stringify({ folder, runtimeFile });
  const text = `
    import { startAwsEmulator } from ${JSON.stringify(module)};
    console.log((await startAwsEmulator(${options})).pid);
  `;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(starter.stdout, 'data');
  const pid = Number(String(said));
  expect(isAlive(pid)).toBe(true);
  starter.kill('SIGKILL');
  const deadline = performance.now() + 20_000;
  while (isAlive(pid)) {
    expect(performance.now()).toBeLessThan(deadline);
    await sleep(50);
  }
});

it.each([
  ['on 127.0.0.1 alone', [], false],
  ['on all addresses where it is told to', ['--host', '0.0.0.0'], true],
])('an emulator listens %s', async (_title, host, isReached) => {
  const [port] = await claimPorts(0);
  const runtime = JSON.parse(readFileSync(runtimeFile, 'utf8'));
  const place = ['--port', String(port), '--folder', folder, '--runtime', runtimeFile];
  const emulator = spawn(runtime.aws.python, [program, ...place, ...host], { stdio: 'ignore' });
  try {
    await expect.poll(() => answersAt(`127.0.0.1:${port}`), { timeout: 60_000 }).toBe(true);
    expect(await answersAt(`${otherAddress()}:${port}`)).toBe(isReached);
  } finally {
    await endProcess(emulator, 20_000);
  }
});

it('without the AWS part of set-up it says which command brings it', async () => {
  await expect(startAwsEmulator({ folder, runtimeFile: join(folder, 'none') })).rejects.toThrow(
    'npm run setup -- --with aws',
  );
});

/** Of this machine; without a network one that leads to it on Linux. */
function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outer = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outer?.address ?? '127.0.0.2';
}

function answersAt(address: string): Promise<boolean> {
  return fetch(`http://${address}/_ministack/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function withS3(
  emulator: AwsEmulator,
  use: (client: S3Client) => Promise<void>,
): Promise<void> {
  const client = new S3Client({
    endpoint: emulator.endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await use(client);
  client.destroy();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
