import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { AwsSettings } from '../config.ts';
import { AbsentFile } from '../errors/absent-file.ts';
import { Refusal } from '../errors/refusal.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { explainAwsError } from '../storage/explain-aws-error.ts';
import { explainBucketError } from '../storage/explain-bucket-error.ts';
import { parseObjectPath } from '../storage/place.ts';
import { openS3 } from '../storage/s3-client.ts';
import type {
  ObjectHead,
  ObjectRange,
  ObjectStore,
  ObjectWrite,
  PieceName,
  SentPiece,
} from './object-store.ts';

/** In ms. The store copies half a gigabyte in one call, and puts thousands of pieces together in another. */
const requestTimeout = 120_000;
/** Our word on an object, as user metadata: `x-amz-meta-sluice-merge`. */
const markName = 'sluice-merge';

const MiB = 1024 * 1024;
/** S3 takes pieces of 5 MiB to 5 GiB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
export const pieceLimits = {
  least: 5 * MiB,
  sent: 8 * MiB,
  sentOfMany: 64 * MiB,
  copied: 512 * MiB,
};

/** Buckets of S3, and of what speaks like it. */
export class S3Store implements ObjectStore {
  readonly limits = pieceLimits;
  readonly #region: string;
  readonly #s3: S3Client;

  constructor(aws: AwsSettings) {
    this.#region = aws.region;
    this.#s3 = openS3(aws, requestTimeout);
  }

  async head(path: string): Promise<ObjectHead | undefined> {
    try {
      const found = await this.#s3.send(new HeadObjectCommand(nameOf(path)));
      const mark = found.Metadata?.[markName];
      return { size: found.ContentLength ?? 0, version: found.ETag ?? '', mark };
    } catch (error) {
      if ((error as Error).name === 'NotFound') return undefined;
      throw this.#explain(error, path);
    }
  }

  async read({ path, version, from, to }: ObjectRange): Promise<Buffer> {
    if (from >= to) return Buffer.alloc(0);
    const range = { IfMatch: version, Range: `bytes=${from}-${to - 1}` };
    const get = new GetObjectCommand({ ...nameOf(path), ...range });
    const read = async () => {
      const { Body } = await this.#s3.send(get);
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    };
    // A connection that breaks in the middle of a body is not tried again by the client itself.
    return this.#ask(path, () => read().catch((error) => this.#again(error, read)));
  }

  async list(folder: string): Promise<readonly string[]> {
    return this.#list(folder, '/');
  }

  async listBelow(folder: string): Promise<readonly string[]> {
    return this.#list(folder, undefined);
  }

  async remove(path: string): Promise<void> {
    await this.#ask(path, () => this.#s3.send(new DeleteObjectCommand(nameOf(path))));
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const put = new PutObjectCommand({ ...nameOf(path), Body: Buffer.from(bytes) });
    await this.#ask(path, () => this.#s3.send(put));
  }

  async put(write: ObjectWrite, bytes: Uint8Array): Promise<string> {
    const put = new PutObjectCommand({
      ...{ ...nameOf(write.path), ...conditionOf(write), Body: bytes },
      Metadata: { [markName]: write.mark },
    });
    return this.#askOnCondition(write, () => this.#s3.send(put));
  }

  async beginUpload(path: string, mark: string): Promise<string> {
    const create = new CreateMultipartUploadCommand({
      ...{ ...nameOf(path), ChecksumAlgorithm: 'CRC32' },
      Metadata: { [markName]: mark },
    });
    const { UploadId } = await this.#ask(path, () => this.#s3.send(create));
    return UploadId ?? '';
  }

  async sendPiece(
    { path, upload, number }: PieceName,
    content: Uint8Array | ObjectRange,
  ): Promise<SentPiece> {
    const name = { ...nameOf(path), UploadId: upload, PartNumber: number };
    if (content instanceof Uint8Array) {
      const send = new UploadPartCommand({ ...name, Body: content, ChecksumAlgorithm: 'CRC32' });
      const { ETag, ChecksumCRC32 } = await this.#ask(path, () => this.#s3.send(send));
      return { number, version: ETag ?? '', checksum: ChecksumCRC32 };
    }
    const copy = new UploadPartCopyCommand({ ...name, ...sourceOf(content) });
    const { CopyPartResult } = await this.#ask(content.path, () => this.#s3.send(copy));
    const { ETag = '', ChecksumCRC32 } = CopyPartResult ?? {};
    return { number, version: ETag, checksum: ChecksumCRC32 };
  }

  async finishUpload(
    write: ObjectWrite,
    upload: string,
    pieces: readonly SentPiece[],
  ): Promise<string> {
    const Parts = pieces.map(({ number, version, checksum }) => ({
      ...{ PartNumber: number, ETag: version },
      ...(checksum && { ChecksumCRC32: checksum }),
    }));
    const finish = new CompleteMultipartUploadCommand({
      ...{ ...nameOf(write.path), ...conditionOf(write) },
      ...{ UploadId: upload, MultipartUpload: { Parts } },
    });
    return this.#askOnCondition(write, () => this.#s3.send(finish));
  }

  async abortUpload(path: string, upload: string): Promise<void> {
    const abort = new AbortMultipartUploadCommand({ ...nameOf(path), UploadId: upload });
    try {
      await this.#s3.send(abort);
    } catch (error) {
      if ((error as Error).name !== 'NoSuchUpload') throw this.#explain(error, path);
    }
  }

  async listUploads(path: string): Promise<readonly string[]> {
    const { Bucket, Key } = nameOf(path);
    const list = new ListMultipartUploadsCommand({ Bucket, Prefix: Key });
    const { Uploads = [] } = await this.#ask(path, () => this.#s3.send(list));
    const own = Uploads.filter((upload) => upload.Key === Key);
    return own.flatMap((upload) => upload.UploadId ?? []);
  }

  async #list(folder: string, delimiter: '/' | undefined): Promise<readonly string[]> {
    const { Bucket, Key } = nameOf(folder);
    const prefix = Key === '' ? '' : `${Key}/`;
    const names = new Set<string>();
    let token: string | undefined;
    do {
      const list = new ListObjectsV2Command({
        ...{ Bucket, Prefix: prefix },
        ...(delimiter && { Delimiter: delimiter }),
        ...(token && { ContinuationToken: token }),
      });
      const page = await this.#ask(folder, () => this.#s3.send(list));
      for (const { Key: key = '' } of page.Contents ?? []) names.add(key.slice(prefix.length));
      for (const { Prefix: key = '' } of page.CommonPrefixes ?? [])
        names.add(key.slice(prefix.length, -1));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    // An empty name is the marker that some tools put where a folder would be.
    names.delete('');
    return [...names];
  }

  async #ask<Answer>(path: string, request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      throw this.#explain(error, path);
    }
  }

  async #askOnCondition(
    { path }: ObjectWrite,
    request: () => Promise<{ readonly ETag?: string | undefined }>,
  ): Promise<string> {
    try {
      return (await request()).ETag ?? '';
    } catch (error) {
      const { name } = error as Error;
      throw refusals.has(name) ? new Refusal(path, name) : this.#explain(error, path);
    }
  }

  async #again<Answer>(error: unknown, request: () => Promise<Answer>): Promise<Answer> {
    const isAnswer = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
    if (isAnswer?.httpStatusCode !== undefined) throw error;
    return request();
  }

  #explain(error: unknown, path: string): Error {
    const { name } = error as Error;
    if (name === 'NoSuchKey') return new AbsentFile(path);
    const bucket = parseObjectPath(path)?.bucket ?? '';
    const asked = { bucket, region: this.#region };
    return (
      explainBucketError(error, asked) ?? explainAwsError(error, { service: 'S3', what: path })
    );
  }
}

/** 412, 409 (another write is under way) and 404 of an upload that was finished or taken away. */
const refusals: ReadonlySet<string> = new Set([
  'PreconditionFailed',
  'ConditionalRequestConflict',
  'NoSuchUpload',
]);

function nameOf(path: string): { readonly Bucket: string; readonly Key: string } {
  const place = parseObjectPath(path);
  if (place === undefined) throw new SluiceError('INTERNAL', { problem: `${path} is no address` });
  return { Bucket: place.bucket, Key: place.key };
}

function conditionOf({ after }: ObjectWrite) {
  return after === undefined ? { IfNoneMatch: '*' } : { IfMatch: after };
}

function sourceOf({ path, version, from, to }: ObjectRange) {
  const { Bucket, Key } = nameOf(path);
  const key = Key.split('/').map(encodeURIComponent).join('/');
  return {
    CopySource: `${Bucket}/${key}`,
    CopySourceIfMatch: version,
    CopySourceRange: `bytes=${from}-${to - 1}`,
  };
}
