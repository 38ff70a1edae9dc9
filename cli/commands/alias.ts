import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { listCommand } from './alias/list.ts';
import { removeCommand } from './alias/remove.ts';
import { setCommand } from './alias/set.ts';

/** `sluice alias`: movable names of releases. */
export const aliasCommand = (terminal: Terminal): Command => {
  const group = new Command('alias').description('movable names of releases, such as champion');
  for (const command of [setCommand, listCommand, removeCommand]) group.addCommand(command(terminal));
  return group;
};
