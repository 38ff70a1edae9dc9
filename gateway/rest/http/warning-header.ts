/**
 * Warnings as a header, none without a warning. A header is ASCII: what is not, and the percent sign, is
 * percent-encoded as gRPC does with grpc-message.
 */
export const warningHeader = (warnings: readonly string[]): Record<string, string> =>
  warnings.length === 0
    ? {}
    : {
        'sluice-warning': warnings
          .join('; ')
          .toWellFormed()
          .replaceAll(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent),
      };
