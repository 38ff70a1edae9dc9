import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { sendCommand } from './feedback/send.ts';

/** `sluice feedback`: what became known later about predictions. */
export const feedbackCommand = (terminal: Terminal): Command =>
  new Command('feedback')
    .description('what became known later about predictions')
    .addCommand(sendCommand(terminal));
