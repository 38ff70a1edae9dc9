import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { listCommand } from './dead-letters/list.ts';
import { replayCommand } from './dead-letters/replay.ts';
import { showCommand } from './dead-letters/show.ts';

/** `sluice dead-letters`: messages that could never be worked on, kept with the reason. */
export const deadLettersCommand = (terminal: Terminal): Command => {
  const group = new Command('dead-letters').description('messages that could not be worked on, and why');
  for (const command of [listCommand, showCommand, replayCommand]) group.addCommand(command(terminal));
  return group;
};
