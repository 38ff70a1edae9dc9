import { Command, CommanderError } from 'commander';
import { type CommandFailure, exitCodes, failureOf, usageFailure } from './command-failure.ts';
import { aliasCommand } from './commands/alias.ts';
import { configApplyCommand } from './commands/config-apply.ts';
import { configGetCommand } from './commands/config-get.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { feedbackCommand } from './commands/feedback.ts';
import { healthCommand } from './commands/health.ts';
import { inferCommand } from './commands/infer.ts';
import { modelsCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { predictionsCommand } from './commands/predictions.ts';
import { releaseCommand } from './commands/release.ts';
import { replayCommand } from './commands/replay.ts';
import { scoreFileCommand } from './commands/score-file.ts';
import { startCommand } from './commands/start.ts';
import { streamsCommand } from './commands/streams.ts';
import { topicsCommand } from './commands/topics.ts';
import { addGlobalOptions, outputOf } from './options.ts';
import { formatFailure } from './output/report-failure.ts';
import type { Terminal } from './terminal.ts';

const EXIT_CODES_HELP = `
Exit codes: 0 done, 1 refused or failed, 64 wrong usage, 69 the gateway or the event log cannot be reached.`;

/** Runs one command line (without node and script) and answers the exit code. Never throws. */
export const runCli = async (
  args: readonly string[],
  terminal: Terminal,
  version: string,
): Promise<number> => {
  const program = buildProgram(terminal, version);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok;
    const failure = thrown instanceof CommanderError ? usageFailureOf(thrown) : failureOf(thrown);
    if (failure.message !== '') terminal.printError(formatFailure(failure, outputFor(args, terminal)));
    return failure.exitCode;
  }
};

const buildProgram = (terminal: Terminal, version: string): Command => {
  const program = new Command('sluice')
    .description('Asks a Sluice gateway for predictions, and keeps its configuration')
    // Before a command's name --version is the program's, after it the release's.
    .enablePositionalOptions()
    .version(version, '-V, --version')
    .addHelpText('after', EXIT_CODES_HELP);
  const config = new Command('config').description('the revision: what may change while releases may not');
  config.addCommand(configGetCommand(terminal)).addCommand(configApplyCommand(terminal));
  const tops = [
    modelsCommand(terminal),
    predictCommand(terminal),
    inferCommand(terminal),
    scoreFileCommand(terminal),
    predictionsCommand(terminal),
    feedbackCommand(terminal),
    replayCommand(terminal),
    releaseCommand(terminal),
    aliasCommand(terminal),
    config,
    streamsCommand(terminal),
    topicsCommand(terminal),
    deadLettersCommand(terminal),
    healthCommand(terminal),
    startCommand(),
  ];
  for (const command of tops) program.addCommand(command);
  for (const command of withSubcommands(program)) {
    quietly(command, terminal);
    if (command.commands.length === 0 || command === program) addGlobalOptions(command);
  }
  return program;
};

/** A command and all below it. */
const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap((each) => withSubcommands(each)),
];

/** Commander throws instead of exiting, and leaves the words about errors to us. */
const quietly = (command: Command, terminal: Terminal): Command =>
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.print(text),
    writeErr: (text) => terminal.print(text),
    outputError: () => undefined,
  });

const usageFailureOf = (error: CommanderError): CommandFailure => {
  // A group of commands without a command shows its help; that was not what was asked for.
  if (error.code === 'commander.help') return usageFailure('');
  return usageFailure(error.message.replace(/^error: /, ''));
};

/** The command line may be unreadable: looks for the option itself. */
const outputFor = (args: readonly string[], terminal: Terminal) => {
  const joined = args.join(' ');
  const output = /(?:^| )(?:--output|-o)[ =]?(json|table)(?: |$)/.exec(joined)?.[1];
  return outputOf(output === 'json' || output === 'table' ? { output } : {}, terminal);
};
