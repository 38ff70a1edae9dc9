import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { deprecateCommand, undeprecateCommand } from './release/deprecate.ts';
import { diffCommand } from './release/diff.ts';
import { getCommand } from './release/get.ts';
import { initCommand } from './release/init.ts';
import { listCommand } from './release/list.ts';
import { publishCommand } from './release/publish.ts';
import { testCommand } from './release/test.ts';
import { validateCommand } from './release/validate.ts';

/** `sluice release`: a release's life, from an ONNX file on. */
export const releaseCommand = (terminal: Terminal): Command => {
  const group = new Command('release').description('a release, from an ONNX file to what is served');
  const life = [
    initCommand,
    validateCommand,
    testCommand,
    publishCommand,
    deprecateCommand,
    undeprecateCommand,
  ];
  const commands = [...life, listCommand, getCommand, diffCommand];
  for (const command of commands) group.addCommand(command(terminal));
  return group;
};
