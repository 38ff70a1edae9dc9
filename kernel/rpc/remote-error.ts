import { type ServiceError, status } from '@grpc/grpc-js';
import type { Packages } from '@sluice/protos/load';
import { type Code, isCode } from '../errors/codes.ts';
import { SluiceError, type Violation } from '../errors/sluice-error.ts';
import { detailsHeader, detailType, domain } from './status.ts';

export type RemoteError = (error: ServiceError) => SluiceError;

/** What a Sluice on the other side says of its error. */
interface Told {
  readonly code: Code;
  readonly violations: readonly Violation[];
  readonly retryAfterMs: number | undefined;
}

/** What the gRPC status of any other server means. */
const meanings: Partial<Record<status, Code>> = {
  [status.INVALID_ARGUMENT]: 'INVALID_INPUT',
  [status.OUT_OF_RANGE]: 'INVALID_INPUT',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [status.RESOURCE_EXHAUSTED]: 'QUEUE_FULL',
  [status.NOT_FOUND]: 'RELEASE_UNAVAILABLE',
  [status.UNIMPLEMENTED]: 'RELEASE_UNAVAILABLE',
  [status.PERMISSION_DENIED]: 'RELEASE_UNAVAILABLE',
  [status.UNAUTHENTICATED]: 'RELEASE_UNAVAILABLE',
  [status.UNAVAILABLE]: 'RUNTIME_LOST',
  // Nobody on this side gave up: the other server ended the call, as it does when it stops.
  [status.CANCELLED]: 'RUNTIME_LOST',
};

/** In the words of grpc-js, gRPC's core (Python, C++) and Go; and of Java. */
const tooLarge = /message (is )?larger than max|exceeds maximum size/i;

const codeOf = ({ code, details }: ServiceError): Code =>
  code === status.RESOURCE_EXHAUSTED && tooLarge.test(details)
    ? 'MESSAGE_TOO_LARGE'
    : (meanings[code] ?? 'COMPUTE_FAILED');

/** grpc-js ends some of its own messages with a heading that nothing follows. */
const wordsOf = ({ code, details }: ServiceError): string =>
  details.replace(/ Resolution note: $/, '') || (status[code] ?? 'an unknown error');

const unpack = (types: Packages['google']['rpc'], bytes: Buffer): Told | undefined => {
  const { details } = types.Status.deserialize(bytes);
  const find = (name: string): Buffer | undefined => {
    const found = details.find((detail) => 'type_url' in detail && detail.type_url === detailType(name));
    return found !== undefined && 'value' in found ? (found.value as Buffer) : undefined;
  };
  const [info, bad, retry] = ['ErrorInfo', 'BadRequest', 'RetryInfo'].map(find);
  if (info === undefined) return undefined;
  const { domain: whose, reason } = types.ErrorInfo.deserialize(info);
  if (whose !== domain || !isCode(reason)) return undefined;
  const violations = bad === undefined ? [] : types.BadRequest.deserialize(bad).fieldViolations;
  const delay = retry === undefined ? undefined : types.RetryInfo.deserialize(retry).retryDelay;
  return {
    code: reason,
    violations: violations.map(({ field, reason: rule, description }) => ({
      path: field,
      rule,
      message: description,
    })),
    retryAfterMs: delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : undefined,
  };
};

/**
 * Errors of a server of the Open Inference Protocol: that of another Sluice with its own code, those
 * of others by their gRPC status.
 */
export const remoteErrors = ({ google }: Pick<Packages, 'google'>): RemoteError => {
  const toldBy = (error: ServiceError): Told | undefined => {
    const [bytes] = error.metadata?.get(detailsHeader) ?? [];
    try {
      return Buffer.isBuffer(bytes) ? unpack(google.rpc, bytes) : undefined;
    } catch {
      return undefined;
    }
  };
  return (error) => {
    const told = toldBy(error);
    const words = wordsOf(error);
    if (told === undefined) return new SluiceError(codeOf(error), words);
    const { code, violations, retryAfterMs } = told;
    return new SluiceError(code, words, retryAfterMs ? { violations, retryAfterMs } : { violations });
  };
};
