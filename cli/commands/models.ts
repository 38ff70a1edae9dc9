import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { getCommand } from './release/get.ts';
import { listCommand } from './release/list.ts';

/** `sluice models`: what can be asked. The two commands are those of `sluice release`. */
export const modelsCommand = (terminal: Terminal): Command =>
  new Command('models')
    .description('what can be asked; the same as release list and release get')
    .addCommand(listCommand(terminal))
    .addCommand(getCommand(terminal));
