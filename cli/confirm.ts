import { CommandFailure, exitCodes } from './command-failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * Lets a human say yes; where none sits there, or `isSure`, nobody is asked.
 * @throws CommandFailure NOT_CONFIRMED for any other answer
 */
export const confirm = async (terminal: Terminal, question: string, isSure: boolean): Promise<void> => {
  if (isSure || !terminal.isInteractive) return;
  const answer = await terminal.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CommandFailure('nothing was done', { code: 'NOT_CONFIRMED', exitCode: exitCodes.failed });
};
