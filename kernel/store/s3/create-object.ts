import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type BucketPlace, bucketError, isNamed } from './bucket-error.ts';

/** A writer's own mark, by which it knows its object again. */
const markName = 'sluice-write';
/** Others may write the same key at the same moment (409); so often it is tried again. */
const maxConflicts = 8;
const conflictMs = 100;

/**
 * Writes an object that must not exist yet. A write whose answer was lost is sent again by the SDK and
 * then meets its own object: it has won all the same, and finds its mark there.
 * @returns false: it exists.
 */
export const createObject = async (
  client: S3Client,
  place: BucketPlace,
  object: { readonly Bucket: string; readonly Key: string },
  bytes: Uint8Array,
): Promise<boolean> => {
  const mark = randomUUID();
  const marked = { ...object, Body: bytes, Metadata: { [markName]: mark }, IfNoneMatch: '*' };
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      await client.send(new PutObjectCommand(marked));
      return true;
    } catch (error) {
      if (isNamed(error, 'PreconditionFailed')) break;
      if (!isNamed(error, 'ConditionalRequestConflict')) throw error;
      if (conflicts === maxConflicts) throw bucketError(error, place);
      await pause(Math.random() * conflictMs);
    }
  }
  const { Metadata = {} } = await client.send(new HeadObjectCommand(object));
  return Metadata[markName] === mark;
};
