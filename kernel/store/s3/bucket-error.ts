import { SluiceError } from '../../errors/sluice-error.ts';

/** What a bucket is, for its errors. */
export interface BucketPlace {
  readonly url: string;
  readonly bucket: string;
  /** undefined: Amazon's own. */
  readonly endpoint: string | undefined;
}

const textOf = (value: unknown, field: string): string => {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === 'string' ? found : '';
};

/** An AggregateError of Node has its texts in what it gathers, for each address that it tried. */
const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map(messageOf).join(', ');
  return textOf(error, 'message') || textOf(error, 'code') || textOf(error, 'name') || 'unknown error';
};

const statusOf = (error: unknown): number => {
  const metadata: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, '$metadata') : undefined;
  const status: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return typeof status === 'number' ? status : 0;
};

const wrongCredentials =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|AccessDenied|Forbidden|AllAccessDisabled|XAdminUserNotFound)/;
const noCredentials = /^(CredentialsProviderError|TokenProviderError)$/;
const wrongRegion =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|301|MovedPermanently)/;

/** Why a bucket could not be asked, with what its owner can do about it. */
const reasonOf = (error: unknown, { bucket, endpoint }: BucketPlace): string => {
  const name = textOf(error, 'name');
  const where = endpoint ?? 'Amazon S3';
  if (name === 'NoSuchBucket') return `there is no bucket ${bucket} at ${where}`;
  if (noCredentials.test(name))
    return 'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE';
  if (wrongCredentials.test(name) || statusOf(error) === 403)
    return `${where} refuses the credentials for bucket ${bucket} (${name}: ${messageOf(error)})`;
  if (wrongRegion.test(name) || statusOf(error) === 301)
    return `bucket ${bucket} is not in that region: set AWS_REGION (${name}: ${messageOf(error)})`;
  if (messageOf(error) === 'Region is missing') return 'there is no region: set AWS_REGION';
  if (statusOf(error) === 0) return `${where} does not answer: ${messageOf(error)}`;
  return `${where} answers ${statusOf(error)} ${name}: ${messageOf(error)}`;
};

/** STORE_UNAVAILABLE that says which URL and why. */
export const bucketError = (error: unknown, place: BucketPlace): SluiceError =>
  error instanceof SluiceError
    ? error
    : new SluiceError('STORE_UNAVAILABLE', `${place.url} cannot be used: ${reasonOf(error, place)}`, {
        cause: error,
      });

/** Whether the answer has one of these names: the SDK makes them of S3's error codes. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  names.includes(textOf(error, 'name'));
