import type { CodeMeaning } from './code-meaning.ts';
import { type Code, meaningOf } from './codes.ts';
import { shortened } from './shortened.ts';

/** Messages quote what callers sent, which may be long. */
const maxMessageLength = 1024;
export const maxViolations = 64;
const maxViolationLength = 256;
/** Of a long list of values the first ones are told. */
const maxAllowed = 16;
const maxAllowedLength = 64;

/** One fault of an input: where (a path), which rule, what was expected and what came. */
export interface Violation {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  /** What would be allowed: values, names, bounds (>= 0) or a type; the likeliest first. */
  readonly allowed?: readonly string[] | undefined;
}

export interface ErrorDetails {
  readonly violations?: readonly Violation[];
  /** When a retry is worth while, in milliseconds; not given: a second, for codes that are 429 or 503 on HTTP. */
  readonly retryAfterMs?: number;
  /** For the log only; it never leaves the process. */
  readonly cause?: unknown;
  /** What callers are told instead of the code: of a rule that refused. */
  readonly reason?: string;
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
  /** The code, or the rule's own where one refused. */
  readonly reason: string;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(shortened(message, maxMessageLength), { cause: details.cause });
    this.code = code;
    this.violations = (details.violations ?? []).slice(0, maxViolations).map(shortenedViolation);
    this.retryAfterMs = details.retryAfterMs ?? defaultRetryMs(code);
    this.correlationId = details.correlationId;
    this.reason = details.reason ?? code;
  }

  get meaning(): CodeMeaning {
    return meaningOf(this.code);
  }
}

/** Statuses that go with Retry-After (RFC 9110 §10.2.3, RFC 6585 §4). */
const defaultRetryMs = (code: Code): number | undefined =>
  [429, 503].includes(meaningOf(code).http) ? 1_000 : undefined;

const shortenedViolation = ({ path, rule, message, allowed }: Violation): Violation => ({
  path: shortened(path, maxViolationLength),
  rule,
  message: shortened(message, maxViolationLength),
  ...(allowed === undefined
    ? {}
    : { allowed: allowed.slice(0, maxAllowed).map((each) => shortened(each, maxAllowedLength)) }),
});

/** INVALID_INPUT from its faults; the message lists as many as fit. */
export const invalidInput = (violations: readonly Violation[]): SluiceError => {
  const told = violations.slice(0, maxViolations).map(({ path, message }) => `${path}: ${message}`);
  return new SluiceError('INVALID_INPUT', told.join('; '), { violations });
};
