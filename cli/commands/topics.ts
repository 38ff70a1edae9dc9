import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { createCommand } from './topics/create.ts';
import { listCommand } from './topics/list.ts';
import { readCommand } from './topics/read.ts';
import { sendCommand } from './topics/send.ts';

/** `sluice topics`: the event log's topics, whichever log it is. */
export const topicsCommand = (terminal: Terminal): Command => {
  const group = new Command('topics').description('topics of the event log: Kafka, or the embedded log');
  for (const command of [createCommand, listCommand, sendCommand, readCommand])
    group.addCommand(command(terminal));
  return group;
};
