import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { listCommand } from './streams/list.ts';
import { removeCommand } from './streams/remove.ts';
import { replayCommand } from './streams/replay.ts';
import { statusCommand } from './streams/status.ts';

/** `sluice streams`: topics that are scored continuously. */
export const streamsCommand = (terminal: Terminal): Command => {
  const group = new Command('streams').description(
    'topics that are scored continuously, as the revision says',
  );
  for (const command of [listCommand, statusCommand, replayCommand, removeCommand])
    group.addCommand(command(terminal));
  return group;
};
