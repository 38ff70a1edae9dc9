import { Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Packages } from '@sluice/protos/load';
import { grpcStatuses } from '../errors/codes.ts';
import type { SluiceError } from '../errors/sluice-error.ts';

type Details = Packages['google']['rpc'];
export type ToServiceError = (error: SluiceError) => ServiceError;

const detailsHeader = 'grpc-status-details-bin';
const domain = 'sluice';

const detail = (name: string, value: Buffer) => ({
  type_url: `type.googleapis.com/google.rpc.${name}`,
  value,
});

const detailsOf = (types: Details, error: SluiceError) => {
  const metadata = error.correlationId === undefined ? {} : { correlation_id: error.correlationId };
  const details = [detail('ErrorInfo', types.ErrorInfo.serialize({ reason: error.code, domain, metadata }))];
  if (error.violations.length > 0) {
    const fieldViolations = error.violations.map((v) => ({
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
    const metadata = new Metadata();
    const status = google.rpc.Status.serialize({
      code,
      message: error.message,
      details: detailsOf(google.rpc, error),
    });
    metadata.set(detailsHeader, status);
    return Object.assign(new Error(error.message), { code, details: error.message, metadata });
  };
};
