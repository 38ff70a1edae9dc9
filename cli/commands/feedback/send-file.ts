import { stat } from 'node:fs/promises';
import { author } from '../../author.ts';
import { CommandFailure, exitCodes, unreadableFile } from '../../command-failure.ts';
import { openFeedbackFile } from '../../feedback/feedback-file.ts';
import { type FileReport, sendFile } from '../../feedback/send-file.ts';
import { interruptible } from '../../interruptible.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { noProgressBar, showProgressBar } from '../../output/progress-bar.ts';
import { formatPairs } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';

interface FileOptions extends GlobalOptions {
  readonly author?: string;
  readonly model?: string;
  readonly textLabels: boolean;
}

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw unreadableFile(path, error);
  }
};

/** Sends the rows of a file, tells those that were refused by their lines, and fails if there were any. */
export const sendFileAction = async (
  path: string,
  options: FileOptions,
  terminal: Terminal,
): Promise<void> => {
  const file = openFeedbackFile(path, await sizeOf(path));
  const report = await sendWithProgress(file, options, terminal);
  const isJson = outputOf(options, terminal) === 'json';
  terminal.print(isJson ? `${JSON.stringify(report, null, 2)}\n` : asTable(report));
  if (report.failed === 0) return;
  if (!isJson)
    for (const { line, code, message } of report.faults)
      terminal.printError(`${path}:${line}: ${message} (${code})\n`);
  throw new CommandFailure(`${report.failed} of ${report.failed + report.sent} rows were refused`, {
    code: 'FEEDBACK_REFUSED',
    exitCode: exitCodes.failed,
  });
};

const sendWithProgress = async (
  file: ReturnType<typeof openFeedbackFile>,
  options: FileOptions,
  terminal: Terminal,
): Promise<FileReport> => {
  using progress = terminal.isInteractive ? showProgressBar('sending', 'rows') : noProgressBar;
  return await interruptible((stop) =>
    sendFile({
      gateway: gatewayOf(options, terminal),
      file,
      progress,
      stop,
      author: options.author ?? author(),
      model: options.model,
      textLabels: options.textLabels,
    }),
  );
};

const asTable = ({ sent, sayNothing, failed }: FileReport): string =>
  formatPairs([
    ['sent', sent],
    ['without feedback', sayNothing === 0 ? undefined : sayNothing],
    ['refused', failed === 0 ? undefined : failed],
  ]);
