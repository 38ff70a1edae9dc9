import type { CommandFailure } from '../command-failure.ts';
import type { OutputFormat } from '../options.ts';

/** A failure as it goes to stderr: a line with the code and one for each violation, or one line of JSON. */
export const formatFailure = (failure: CommandFailure, output: OutputFormat): string => {
  const { code, message, violations } = failure;
  if (output === 'json') {
    return `${JSON.stringify({ code, message, ...(violations.length > 0 && { violations }) })}\n`;
  }
  const told = violations.map((violation) => `${violation.path}: ${violation.message}`);
  const [first] = told;
  if (first === message) return `sluice: ${message} (${code})\n`;
  // A message that tells the violations in its own line is not repeated.
  const head = first !== undefined && message.startsWith(`${first}; `) ? `${told.length} faults` : message;
  return [`sluice: ${head} (${code})`, ...told.map((line) => `  ${line}`), ''].join('\n');
};
