import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { AwsSettings } from '../config.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { explainAwsError } from './explain-aws-error.ts';
import { explainBucketError } from './explain-bucket-error.ts';
import { type ObjectPlace, parseObjectPath } from './place.ts';
import { openS3 } from './s3-client.ts';
import type { Storage } from './storage.ts';

/** Buckets of S3, and of what speaks like it. An object is there only when it is whole, so nothing is renamed. */
export function openObjectStorage(aws: AwsSettings): Storage {
  const objects = new Objects(aws);
  return {
    list: (folder) => objects.list(folder),
    read: (path, limitBytes) => objects.read(path, limitBytes),
    replace: (path, bytes) => objects.replace(path, bytes),
    // Not by HEAD: the answer to it has no body, so an error would have no name.
    exists: async (path) => (await objects.read(path, 1)) !== undefined,
  };
}

class Objects {
  readonly #aws: AwsSettings;
  readonly #s3: S3Client;

  constructor(aws: AwsSettings) {
    this.#aws = aws;
    this.#s3 = openS3(aws);
  }

  async list(folder: string): Promise<readonly string[]> {
    const { bucket, key } = placeOf(folder);
    const prefix = key === '' ? '' : `${key}/`;
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#ask(folder, () =>
        this.#s3.send(
          new ListObjectsV2Command({
            ...{ Bucket: bucket, Prefix: prefix, Delimiter: '/' },
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      );
      const keys = (page.Contents ?? []).map((object) => object.Key);
      const folders = (page.CommonPrefixes ?? []).map((common) => common.Prefix);
      names.push(...[...keys, ...folders].map((name) => nameBelow(name, prefix)));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    // An empty name is the marker that some tools put where a folder would be.
    return [...new Set(names)].filter((name) => name !== '');
  }

  async read(path: string, limitBytes: number): Promise<Buffer | undefined> {
    const { bucket, key } = placeOf(path);
    const range = `bytes=0-${limitBytes - 1}`;
    const get = new GetObjectCommand({ Bucket: bucket, Key: key, Range: range });
    return this.#ask(path, async () => {
      try {
        return await bytesOf(await this.#s3.send(get));
      } catch (error) {
        const { name } = error as Error;
        if (name === 'NoSuchKey') return undefined;
        // An empty object has no first byte.
        if (name === 'InvalidRange') return Buffer.alloc(0);
        throw error;
      }
    });
  }

  async replace(path: string, bytes: string | Uint8Array): Promise<void> {
    const { bucket, key } = placeOf(path);
    // An empty text would be taken for a stream of unknown length.
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(bytes) });
    await this.#ask(path, () => this.#s3.send(put));
  }

  async #ask<Answer>(path: string, request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      const { bucket } = placeOf(path);
      const asked = { bucket, region: this.#aws.region };
      throw (
        explainBucketError(error, asked) ?? explainAwsError(error, { service: 'S3', what: path })
      );
    }
  }
}

function placeOf(path: string): ObjectPlace {
  const place = parseObjectPath(path);
  if (place === undefined)
    throw new SluiceError('INTERNAL', { problem: `${path} is in no bucket` });
  return place;
}

function nameBelow(key: string | undefined, prefix: string): string {
  return (key ?? '').slice(prefix.length).replace(/\/$/, '');
}

async function bytesOf({ Body }: GetObjectCommandOutput): Promise<Buffer> {
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
