import { SluiceError, type Violation } from '@sluice/kernel/errors/sluice-error';

/** What a script can tell apart (sysexits.h for the last two). */
export const exitCodes = { ok: 0, failed: 1, usage: 64, unreachable: 69 } as const;

export interface FailureDetails {
  /** A code of docs/errors.md, or one of the CLI's own, such as USAGE, UNREACHABLE, TIMEOUT, UNREADABLE_FILE. */
  readonly code: string;
  readonly exitCode: number;
  readonly violations?: readonly Violation[];
}

/** The one error that ends a command: what is shown on stderr, and the exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: string;
  readonly exitCode: number;
  readonly violations: readonly Violation[];

  constructor(message: string, details: FailureDetails) {
    super(message);
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.violations = details.violations ?? [];
  }
}

/** A wrong option or argument. */
export const usageFailure = (message: string): CommandFailure =>
  new CommandFailure(message, { code: 'USAGE', exitCode: exitCodes.usage });

/** A file that cannot be read; the reason is the system's. */
export const unreadableFile = (path: string, error: unknown): CommandFailure => {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new CommandFailure(`cannot read ${path} (${reason})`, {
    code: 'UNREADABLE_FILE',
    exitCode: exitCodes.usage,
  });
};

/** The funnel from `unknown`. */
export const failureOf = (thrown: unknown): CommandFailure => {
  if (thrown instanceof CommandFailure) return thrown;
  const exitCode = exitCodes.failed;
  if (thrown instanceof SluiceError) {
    const isAway = thrown.code === 'EVENT_LOG_UNAVAILABLE';
    return new CommandFailure(thrown.message, {
      code: thrown.code,
      exitCode: isAway ? exitCodes.unreachable : exitCode,
      violations: thrown.violations,
    });
  }
  return new CommandFailure(thrown instanceof Error ? thrown.message : String(thrown), {
    code: 'FAILED',
    exitCode,
  });
};
