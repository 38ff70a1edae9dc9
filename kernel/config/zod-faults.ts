import type { z } from 'zod';
import type { Violation } from '../errors/sluice-error.ts';

/** Faults of a zod parse as violations, one a fault. */
export const violationsOf = (error: z.ZodError): Violation[] =>
  error.issues.map((issue) => ({
    path: issue.path.map(String).join('.') || '(root)',
    rule: issue.code,
    message: issue.message,
  }));

/** The same in one line, for a log or a reason. */
export const linesOf = (error: z.ZodError): string =>
  violationsOf(error)
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ');
