import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Bucket, ListOptions, StoredObject } from './bucket.ts';
import { type BucketPlace, bucketError, isNamed } from './bucket-error.ts';
import { createObject } from './create-object.ts';
import { endpointOf, openClient } from './open-client.ts';
import type { BucketName } from './parse-url.ts';
import { putParts } from './put-parts.ts';

interface Access extends BucketName {
  readonly client: S3Client;
  readonly place: BucketPlace;
}

const listPages = async function* (
  { client, bucket, prefix }: Access,
  start: string,
  { after, firstPage }: ListOptions = {},
): AsyncGenerator<StoredObject[]> {
  const range = { Bucket: bucket, Prefix: `${prefix}${start}`, StartAfter: after && `${prefix}${after}` };
  let token: string | undefined;
  let MaxKeys = firstPage;
  do {
    const page = await client.send(new ListObjectsV2Command({ ...range, MaxKeys, ContinuationToken: token }));
    MaxKeys = undefined;
    yield (page.Contents ?? []).map(({ Key = '', Size = 0, ETag = '' }) => ({
      key: Key.slice(prefix.length),
      size: Size,
      etag: ETag,
    }));
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
};

/** The connection may break in the middle of an answer. */
const bodyOf = async function* (body: Readable, place: BucketPlace): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw bucketError(error, place);
  }
};

const getObject = async (
  { client, bucket, prefix, place }: Access,
  key: string,
  etag: string | undefined,
): Promise<AsyncIterable<Uint8Array> | undefined> => {
  try {
    const input = { Bucket: bucket, Key: `${prefix}${key}`, IfMatch: etag };
    const { Body } = await client.send(new GetObjectCommand(input));
    return bodyOf(Body instanceof Readable ? Body : Readable.from([]), place);
  } catch (error) {
    if (isNamed(error, 'NoSuchKey', 'NotFound')) return undefined;
    if (!isNamed(error, 'PreconditionFailed')) throw error;
    throw new SluiceError('STORE_UNAVAILABLE', `${place.url}: ${key} was written anew while it was read`);
  }
};

const sizeOf = async ({ client, bucket, prefix }: Access, key: string): Promise<number | undefined> => {
  try {
    const input = { Bucket: bucket, Key: `${prefix}${key}` };
    return (await client.send(new HeadObjectCommand(input))).ContentLength;
  } catch (error) {
    if (isNamed(error, 'NoSuchKey', 'NotFound')) return undefined;
    throw error;
  }
};

/** Opens what a URL names, with the SDK's usual variables; nothing is asked yet. */
export const openBucket = (url: string, name: BucketName, env: NodeJS.ProcessEnv): Bucket => {
  const place: BucketPlace = { url, bucket: name.bucket, endpoint: endpointOf(env) };
  const client = openClient(place, env);
  const access: Access = { ...name, client, place };
  const object = (key: string) => ({ Bucket: name.bucket, Key: `${name.prefix}${key}` });
  return {
    url,
    list: (start, options) => listPages(access, start, options),
    get: (key, etag) => getObject(access, key, etag),
    sizeOf: (key) => sizeOf(access, key),
    put: async (key, Body) => void (await client.send(new PutObjectCommand({ ...object(key), Body }))),
    create: (key, bytes) => createObject(client, place, object(key), bytes),
    putParts: (key, parts) => putParts(client, object(key), parts),
    remove: async (key) => void (await client.send(new DeleteObjectCommand(object(key)))),
  };
};
