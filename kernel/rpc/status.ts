import { Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Packages } from '@sluice/protos/load';
import { grpcStatuses } from '../errors/code-meaning.ts';
import { shortened } from '../errors/shortened.ts';
import type { SluiceError, Violation } from '../errors/sluice-error.ts';

type Details = Packages['google']['rpc'];
export type ToServiceError = (error: SluiceError) => ServiceError;

export const detailsHeader = 'grpc-status-details-bin';
export const domain = 'sluice';
export const detailType = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
/** Trailers, of which clients take 8 KiB in all, have the message as it is and again among the details. */
const maxEncodedLength = 2048;
const maxViolationBytes = 2048;

/** A character takes nine letters at most in a percent-encoded message. */
const toldMessage = (message: string): string =>
  encodeURI(message).length <= maxEncodedLength ? message : shortened(message, maxEncodedLength / 9);

/** As many from the front as fit. */
const toldViolations = (violations: readonly Violation[]): Violation[] => {
  let bytes = 0;
  return violations.filter(({ path, rule, message }) => {
    bytes += Buffer.byteLength(path) + Buffer.byteLength(rule) + Buffer.byteLength(message);
    return bytes <= maxViolationBytes;
  });
};

const detail = (name: string, value: Buffer) => ({
  type_url: detailType(name),
  value,
});

const detailsOf = (types: Details, error: SluiceError) => {
  const metadata = error.correlationId === undefined ? {} : { correlation_id: error.correlationId };
  const details = [
    detail('ErrorInfo', types.ErrorInfo.serialize({ reason: error.reason, domain, metadata })),
  ];
  if (error.violations.length > 0) {
    const fieldViolations = toldViolations(error.violations).map((v) => ({
      field: v.path,
      description: v.message,
      reason: v.rule,
    }));
    details.push(detail('BadRequest', types.BadRequest.serialize({ fieldViolations })));
  }
  if (error.retryAfterMs !== undefined) {
    const retryDelay = {
      seconds: Math.floor(error.retryAfterMs / 1000),
      nanos: Math.round((error.retryAfterMs % 1000) * 1e6),
    };
    details.push(detail('RetryInfo', types.RetryInfo.serialize({ retryDelay })));
  }
  return details;
};

/** Errors as gRPC carries them: status, message, and google.rpc.Status with its details. */
export const serviceErrors = ({ google }: Pick<Packages, 'google'>): ToServiceError => {
  return (error) => {
    const code = grpcStatuses[error.meaning.grpc];
    const message = toldMessage(error.message);
    const metadata = new Metadata();
    const status = google.rpc.Status.serialize({
      code,
      message,
      details: detailsOf(google.rpc, error),
    });
    metadata.set(detailsHeader, status);
    return Object.assign(new Error(message), { code, details: message, metadata });
  };
};
