import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../../../infra/src/aws-emulator.ts';
import { projectRoot } from '../../test/architecture/project-files.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { openS3 } from '../storage/s3-client.ts';
import { mergeOnce } from './merge-once.ts';
import { pieceLimits, S3Store } from './s3-store.ts';
import { verifyMerge } from './verify-merge.ts';

const bucket = 'merge-test';
let folder: string;
let emulator: AwsEmulator;
let store: S3Store;
let s3: ReturnType<typeof openS3>;
let turn = 0;
let root: string;
let put: Promise<unknown>[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-objects-'));
  const runtimeFile = join(projectRoot, '.sluice/runtime.json');
  emulator = await startAwsEmulator({ folder: join(folder, 'aws'), runtimeFile });
  Object.assign(process.env, emulator.environment);
  const aws = { region: 'us-east-1', endpoint: emulator.endpoint };
  store = new S3Store(aws);
  s3 = openS3(aws);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
}, 60_000);
afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  turn += 1;
  root = `s3://${bucket}/turn-${turn}`;
  put = [];
});

/** An output in the bucket; `settled` waits until it is there. */
function outputInBucket(name = 'parts'): SparkOutput {
  return new SparkOutput(`/${bucket}/turn-${turn}/${name}`, (path, text) => {
    const Key = path.replace(`/${bucket}/`, '');
    put.push(s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(text) })));
  });
}

const settled = () => Promise.all(put);

async function textOf(path: string): Promise<string> {
  if (!path.startsWith('s3:')) return readFileSync(path, 'utf8');
  const head = await store.head(path);
  const range = { path, version: head?.version ?? '', from: 0, to: head?.size ?? 0 };
  return (await store.read(range)).toString();
}

function order(fault: string, action: string, times = 1): Promise<unknown> {
  const body = JSON.stringify({ fault, service: 's3', action, times });
  return fetch(`${emulator.endpoint}/_faults`, { method: 'POST', body });
}

describe('a merge of parts and into a file, of which either may be in a bucket', () => {
  it.each([
    ['bucket', 'bucket'],
    ['bucket', 'disk'],
    ['disk', 'bucket'],
  ])(
    'from a %s to a %s: each row once, with one header, over several batches, as verify says',
    async (from, to) => {
      const local = join(folder, `local-${turn}`);
      const spark = from === 'bucket' ? outputInBucket() : new SparkOutput(join(local, 'parts'));
      const directory = from === 'bucket' ? `${root}/parts` : spark.directory;
      const into = to === 'bucket' ? `${root}/out/rows.csv` : join(local, 'rows.csv');
      const merge = async () => {
        await settled();
        return mergeOnce({ directory, into, header: 'present' });
      };
      spark.commit({ 'a b.csv': 'id\n1\n', 'p-1.csv': 'id\n2\n3\n' });
      expect(await merge()).toMatchObject({ parts: 2, rows: 3, quarantined: [] });
      for (let batch = 1; batch < 12; batch += 1) {
        spark.commit({ [`b-${batch}.csv`]: `id\n${batch}0\n` });
        if (batch % 4 === 0) await merge();
      }
      expect((await merge()).totals).toMatchObject({ parts: 13, rows: 14 });
      expect((await merge()).parts).toBe(0);
      const ids = Array.from({ length: 11 }, (_, index) => `${index + 1}0\n`).join('');
      expect(await textOf(into)).toBe(`id\n1\n2\n3\n${ids}`);
      const proof = { ok: true, missing: 0, doubled: 0, pendingParts: 0, journal: 'used' };
      expect(await verifyMerge(directory, into)).toMatchObject({ ...proof, orphans: [] });
    },
  );

  it('has big parts and the old object copied by the store, and sends no more than what fills the gaps', async () => {
    const spark = outputInBucket();
    const big = (seed: number) => `id,text\n${`${seed},"${'x'.repeat(90)}"\n`.repeat(200_000)}`;
    spark.commit({ 'p-1.csv': big(1), 'p-2.csv': 'id,text\n7,y\n', 'p-3.csv': big(3) });
    await settled();
    const into = `${root}/rows.csv`;
    const sent = countSent();
    const result = await mergeOnce({ directory: `${root}/parts`, into, header: 'present' });
    expect(result.rows).toBe(400_001);
    expect(sent.bytes()).toBeLessThan(2 * pieceLimits.least + 100_000);
    spark.commit({ 'p-4.csv': 'id,text\n8,z\n' });
    await settled();
    const before = sent.bytes();
    await mergeOnce({ directory: `${root}/parts`, into, header: 'present' });
    expect(sent.end() - before).toBeLessThan(5000);
    expect(await verifyMerge(`${root}/parts`, into)).toMatchObject({ ok: true });
    expect(await store.listUploads(into)).toEqual([]);
  });
});

/** Counts the bytes of all pieces and objects that are sent. */
function countSent() {
  let bytes = 0;
  const { put: putObject, sendPiece } = S3Store.prototype;
  S3Store.prototype.put = function count(write, content) {
    bytes += content.length;
    return putObject.call(this, write, content);
  };
  S3Store.prototype.sendPiece = function count(name, content) {
    if (content instanceof Uint8Array) bytes += content.length;
    return sendPiece.call(this, name, content);
  };
  const end = () => {
    Object.assign(S3Store.prototype, { put: putObject, sendPiece });
    return bytes;
  };
  return { bytes: () => bytes, end };
}

describe('a store that falters', () => {
  it.each(['lost-answer', 'lost-request', 'throttle', 'unavailable', 'conflict'])(
    'F30, F31: %s of each sort of write leaves each row once',
    async (fault) => {
      const spark = outputInBucket();
      const into = `${root}/rows.csv`;
      const merge = async () => {
        await settled();
        await mergeOnce({ directory: `${root}/parts`, into, header: 'present' });
      };
      const big = `id\n${'123456789\n'.repeat(700_000)}`;
      for (const [batch, action] of [
        'PutObject',
        'UploadPart',
        'CompleteMultipartUpload',
        'CreateMultipartUpload',
        'PutObject',
      ].entries()) {
        spark.commit({ [`p-${batch}.csv`]: batch === 1 ? big : `id\n${batch}\n` });
        await settled();
        // S3 answers so to writes that have a condition alone.
        const isConditional = /^(PutObject|Complete)/.test(action);
        if (fault !== 'conflict' || isConditional) await order(fault, action, 2);
        await merge().catch(() => merge());
      }
      expect(await verifyMerge(`${root}/parts`, into)).toMatchObject({ ok: true, pendingParts: 0 });
      expect(await store.listUploads(into)).toEqual([]);
      await fetch(`${emulator.endpoint}/_faults`, { method: 'DELETE' });
    },
  );
});

describe('a merged object', () => {
  const first = async () => {
    const spark = outputInBucket();
    spark.commit({ 'p-1.csv': 'id\n1\n' });
    await settled();
    const options = {
      directory: `${root}/parts`,
      into: `${root}/rows.csv`,
      header: 'present' as const,
    };
    await mergeOnce(options);
    return { spark, options };
  };

  it('F12: is refused to a second merge while the first one has its lock', async () => {
    const { options } = await first();
    const lock = JSON.stringify({
      process: { pid: 1, startedAt: 0, boot: '' },
      host: 'elsewhere',
      since: '2026',
    });
    await store.replace(`${options.into}.lock-4`, Buffer.from(lock));
    await expect(mergeOnce(options)).rejects.toThrow('process 1 on elsewhere');
  });

  it('F11: is refused when somebody has replaced it, and made anew by a rebuild without ever being away', async () => {
    const { options } = await first();
    await store.replace(options.into, Buffer.from('id\n1\n2\n'));
    await expect(mergeOnce(options)).rejects.toMatchObject({ code: 'MERGE_FILE_CHANGED' });
    expect(await mergeOnce({ ...options, rebuild: true })).toMatchObject({ rows: 1 });
    expect(await textOf(options.into)).toBe('id\n1\n');
    expect((await mergeOnce(options)).parts).toBe(0);
    await store.remove(options.into);
    await expect(mergeOnce(options)).rejects.toMatchObject({ code: 'MERGE_FILE_CHANGED' });
  });

  it('is refused when it is none of ours, and cannot be rotated', async () => {
    const { options } = await first();
    const into = `${root}/foreign.csv`;
    await store.replace(into, Buffer.from('hello'));
    await expect(mergeOnce({ ...options, into })).rejects.toMatchObject({
      code: 'MERGE_FILE_FOREIGN',
    });
    await expect(mergeOnce({ ...options, rotate: { rows: 1 } })).rejects.toMatchObject({
      code: 'MERGE_OBJECT_UNROTATED',
    });
  });

  it('F06, F09: lacks parts that are shorter than committed or gone, and says so beside it', async () => {
    const { spark, options } = await first();
    spark.commit({ 'p-2.csv': 'id\n2\n', 'p-3.csv': 'id\n3\n', 'p-4.csv': 'id\n4\n' });
    await settled();
    await store.replace(`${options.directory}/p-2.csv`, Buffer.from('id\n'));
    await store.remove(`${options.directory}/p-3.csv`);
    const result = await mergeOnce(options);
    const codes = result.quarantined.map(({ code }) => code);
    expect(codes).toEqual(['MERGE_PART_SIZE', 'MERGE_PART_MISSING']);
    expect(await store.list(`${options.into}.quarantine`)).toHaveLength(2);
    expect(await textOf(options.into)).toBe('id\n1\n4\n');
    await store.replace(`${options.directory}/p-2.csv`, Buffer.from('id\n2\n'));
    expect((await mergeOnce({ ...options, acceptLoss: ['p-3.csv'] })).lost).toEqual(['p-3.csv']);
    expect(await store.list(`${options.into}.quarantine`)).toHaveLength(0);
    expect(await textOf(options.into)).toBe('id\n1\n4\n2\n');
  });
});
