import { Command, Option } from 'commander';
import { author } from '../../author.ts';
import { usageFailure } from '../../command-failure.ts';
import { type FeedbackBody, saysSomething } from '../../feedback/feedback-body.ts';
import { sendFeedback } from '../../feedback/send-feedback.ts';
import { jsonOrString } from '../../json-input.ts';
import { collectNamedValue, type NamedValue } from '../../name-value-option.ts';
import { numberWithin } from '../../number-option.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { timeOption } from '../../time-option.ts';
import { sendFileAction } from './send-file.ts';

export interface SendOptions extends GlobalOptions {
  readonly entity?: string;
  readonly at?: string;
  readonly model?: string;
  readonly label?: string;
  readonly reward?: number;
  readonly correct?: readonly NamedValue[];
  readonly comment?: string;
  readonly author?: string;
  readonly time?: string;
  readonly id?: string;
  readonly file?: string;
  readonly textLabels: boolean;
}

const anyNumber = numberWithin(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

/** `sluice feedback send` */
export const sendCommand = (terminal: Terminal): Command =>
  new Command('send')
    .description('say what became known about a prediction, or about those of a file')
    .argument('[prediction-id]', 'what it is about; else --entity, or --file')
    .option('--entity <id>', 'about the latest prediction for an entity')
    .addOption(new Option('--at <time>', 'the latest at or before this time (now)').argParser(timeOption))
    .option('--model <name>', 'the latest of this model (of any)')
    .option('--label <value>', 'what really happened: JSON if it parses as JSON, else a string')
    .option('--text-labels', 'labels are strings, also those that look like numbers', false)
    .addOption(
      new Option('--reward <number>', 'how good the prediction was; more is better').argParser(anyNumber),
    )
    .option('--correct <name=value...>', 'an output as it should have been', collectNamedValue)
    .option('--comment <text>', 'for people')
    .option('--author <who>', 'who says so (you@this machine)')
    .addOption(new Option('--time <time>', 'when it became known (now)').argParser(timeOption))
    .option('--id <uuid>', 'of this feedback: a repeat under the same id is the same feedback')
    .option('-f, --file <file>', 'many of them: a .csv or .jsonl file, one a row')
    .action(async (predictionId: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SendOptions>();
      if (options.file !== undefined) {
        checkAlone(predictionId, options);
        await sendFileAction(options.file, options, terminal);
        return;
      }
      const feedback = feedbackOf(predictionId, options);
      const feedbackId = await sendFeedback(gatewayOf(options, terminal), feedback);
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify({ feedbackId }, null, 2)}\n`
          : `feedback ${feedbackId} is kept\n`,
      );
    });

/** What a file says of each row cannot be said of all. */
const checkAlone = (predictionId: string | undefined, options: SendOptions): void => {
  const { entity, at, label, reward, correct, comment, time, id } = options;
  const beside = { entity, at, label, reward, correct, comment, time, id };
  const given = Object.entries(beside)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `--${name}`);
  if (predictionId !== undefined) given.unshift('a prediction id');
  if (given.length > 0) throw usageFailure(`with --file the rows say it: leave out ${given.join(', ')}`);
};

const feedbackOf = (predictionId: string | undefined, options: SendOptions): FeedbackBody => {
  const { label, reward, correct, comment, time, id, textLabels } = options;
  const feedback = {
    ...aboutOf(predictionId, options),
    ...(label !== undefined && { label: textLabels ? label : jsonOrString(label) }),
    ...(reward !== undefined && { reward }),
    ...(correct !== undefined && { correction: Object.fromEntries(correct) }),
    ...(comment !== undefined && { comment }),
    author: options.author ?? author(),
    ...(time !== undefined && { time }),
    ...(id !== undefined && { feedbackId: id }),
  };
  if (saysSomething(feedback)) return feedback;
  throw usageFailure('it says nothing: give --label, --reward, --correct or --comment');
};

const aboutOf = (predictionId: string | undefined, { entity, at, model }: SendOptions): FeedbackBody => {
  if ((predictionId === undefined) === (entity === undefined))
    throw usageFailure('give a prediction id, --entity or --file');
  if (predictionId !== undefined) {
    if (at !== undefined || model !== undefined)
      throw usageFailure('--at and --model go with --entity; a prediction id says both');
    return { predictionId };
  }
  return {
    ...(entity !== undefined && { entityId: entity }),
    ...(at !== undefined && { entityTime: at }),
    ...(model !== undefined && { model }),
  };
};
