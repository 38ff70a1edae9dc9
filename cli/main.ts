import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { runCli } from './program.ts';
import type { Terminal } from './terminal.ts';

const terminal: Terminal = {
  environment: process.env,
  isInteractive: process.stdout.isTTY === true,
  print: (output) => void process.stdout.write(output),
  printError: (output) => void process.stderr.write(output),
  ask: async (question) => {
    using lines = createInterface({ input: process.stdin, output: process.stderr });
    return await lines.question(question);
  },
  readInput: () => text(process.stdin),
};

// What Node remarks about the code of packages is nothing for who types a command.
process.noDeprecation = true;

// Who closes the pipe early (`| head`) has read enough.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** This file lies beside package.json, or as a bundle in a folder beside it. */
const readVersion = (): string => {
  for (const path of ['./package.json', '../package.json']) {
    try {
      return z
        .object({ version: z.string() })
        .parse(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))).version;
    } catch {
      // The other place.
    }
  }
  return 'unknown';
};

process.exitCode = await runCli(process.argv.slice(2), terminal, readVersion());
