import { CommandFailure, exitCodes } from '../command-failure.ts';
import { forEachSome } from '../for-each-some.ts';
import type { GatewayOptions } from '../gateway-client.ts';
import type { ProgressBar } from '../output/progress-bar.ts';
import { patiently } from '../patiently.ts';
import type { FeedbackFile, FileRow } from './feedback-file.ts';
import { parseFeedbackRow, type RowOptions } from './feedback-row.ts';
import { sendFeedback } from './send-feedback.ts';

/** Requests under way at once. */
const atOnce = 32;
/** So many refused rows are told one by one; the rest is counted. */
export const maxToldFaults = 100;

export interface RowFault {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface FileReport {
  sent: number;
  /** Rows without label, reward, correction and comment. */
  sayNothing: number;
  failed: number;
  /** Of the first ones that failed, by line. */
  faults: RowFault[];
}

export interface SendFileOptions extends RowOptions {
  readonly gateway: GatewayOptions;
  readonly file: FeedbackFile;
  readonly progress: ProgressBar;
  readonly stop: AbortSignal;
}

const failed = (report: FileReport, fault: RowFault): void => {
  report.failed += 1;
  if (report.faults.length < maxToldFaults) report.faults.push(fault);
};

/**
 * Sends every row of a file; one that is refused does not hold up the others.
 * @throws CommandFailure UNREACHABLE or TIMEOUT when the gateway is gone: nothing more would arrive
 */
export const sendFile = async (options: SendFileOptions): Promise<FileReport> => {
  const { gateway, file, progress, stop } = options;
  const report: FileReport = { sent: 0, sayNothing: 0, failed: 0, faults: [] };
  const sendRow = async ({ line, fields, error }: FileRow): Promise<void> => {
    stop.throwIfAborted();
    const parsed = fields === undefined ? { error: error ?? '' } : parseFeedbackRow(fields, options);
    if (parsed === 'says nothing') report.sayNothing += 1;
    else if ('error' in parsed) failed(report, { line, code: 'INVALID_ROW', message: parsed.error });
    else
      await patiently(() => sendFeedback(gateway, parsed.feedback)).then(
        () => {
          report.sent += 1;
        },
        (refused: unknown) => failed(report, faultOf(line, refused, report)),
      );
    progress.at(file.part(), report.sent);
  };
  await forEachSome(file.rows, atOnce, sendRow);
  report.faults.sort((a, b) => a.line - b.line);
  return report;
};

const faultOf = (line: number, error: unknown, { sent }: FileReport): RowFault => {
  if (!(error instanceof CommandFailure)) throw error;
  const { code, message, exitCode } = error;
  if (exitCode !== exitCodes.unreachable) return { line, code, message };
  throw new CommandFailure(`${message}; ${sent} rows were sent: the same file may be sent again`, {
    code,
    exitCode,
  });
};
