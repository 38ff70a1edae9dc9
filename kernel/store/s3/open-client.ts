import { S3Client } from '@aws-sdk/client-s3';
import { type BucketPlace, bucketError, isNamed } from './bucket-error.ts';

/** Attempts of a request in all; between them the SDK waits 0.05 … 20 s, at random, longer each time. */
const maxAttempts = 3;
const connectMs = 3_000;
/** No byte for so long, in either direction. */
const silentMs = 10_000;
/** Until the answer begins; a part of a large file is on its way meanwhile. */
const requestMs = 120_000;
/** Signed into requests where nothing says another one; servers that are not Amazon's mostly ignore it. */
const defaultRegion = 'us-east-1';

/** Another server than Amazon's, from the SDK's own variables. */
export const endpointOf = (env: NodeJS.ProcessEnv): string | undefined =>
  env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined;

/** Answers that a conditional request, or a look for an object, was made to get. */
const expected = ['NoSuchKey', 'NotFound', 'PreconditionFailed', 'ConditionalRequestConflict'];

/**
 * A client that is configured by the SDK's usual variables and files. Other servers than Amazon's get
 * the bucket in the path of the URL, as few of them know a host name for each bucket. Errors other than
 * the expected ones come as STORE_UNAVAILABLE.
 */
export const openClient = (place: BucketPlace, env: NodeJS.ProcessEnv): S3Client => {
  const { endpoint } = place;
  const hasRegion = Boolean(env['AWS_REGION'] || env['AWS_PROFILE']);
  const client = new S3Client({
    maxAttempts,
    retryMode: 'standard',
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(endpoint && !hasRegion ? { region: defaultRegion } : {}),
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: silentMs,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw isNamed(error, ...expected) ? error : bucketError(error, place);
      }
    },
    { step: 'initialize', priority: 'high', name: 'sluiceErrors' },
  );
  return client;
};
