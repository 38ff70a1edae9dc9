import { type Code, type CodeMeaning, meaningOf } from './codes.ts';

/** One fault of an input: where (a path), which rule, what was expected and what came. */
export interface Violation {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

export interface ErrorDetails {
  readonly violations?: readonly Violation[];
  /** When a retry is worth while, in milliseconds. */
  readonly retryAfterMs?: number;
  /** For the log only; it never leaves the process. */
  readonly cause?: unknown;
  /** Under which the log has the cause of an INTERNAL error. */
  readonly correlationId?: string;
}

/** The one error that leaves a layer: a code of the closed list and a message that callers may read. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: Code;
  readonly violations: readonly Violation[];
  readonly retryAfterMs: number | undefined;
  readonly correlationId: string | undefined;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.violations = details.violations ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.correlationId = details.correlationId;
  }

  get meaning(): CodeMeaning {
    return meaningOf(this.code);
  }
}

/** INVALID_INPUT from its faults; the message lists them all. */
export const invalidInput = (violations: readonly Violation[]): SluiceError =>
  new SluiceError('INVALID_INPUT', violations.map((v) => `${v.path}: ${v.message}`).join('; '), {
    violations,
  });
