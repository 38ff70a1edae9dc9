import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { exportCommand } from './predictions/export.ts';
import { getCommand } from './predictions/get.ts';
import { listCommand } from './predictions/list.ts';

/** `sluice predictions`: what was recorded of each request. */
export const predictionsCommand = (terminal: Terminal): Command => {
  const group = new Command('predictions').description('recorded predictions, and what became known since');
  for (const command of [getCommand, listCommand, exportCommand]) group.addCommand(command(terminal));
  return group;
};
