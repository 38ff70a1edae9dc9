import { Command } from 'commander';
import { type Prediction, prediction } from '../answers.ts';
import { usageFailure } from '../command-failure.ts';
import { call, releasePath } from '../gateway-client.ts';
import { readJsonObject } from '../json-input.ts';
import { collectNamedValue, type NamedValue } from '../name-value-option.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../options.ts';
import { formatPairs } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

type Features = Record<string, unknown>;

interface PredictOptions extends GlobalOptions {
  readonly file?: string;
  readonly set?: readonly NamedValue[];
  readonly version?: string;
  readonly entityId?: string;
}

/** `sluice predict MODEL` */
export const predictCommand = (terminal: Terminal): Command =>
  new Command('predict')
    .description('a prediction from named features')
    .argument('<model>')
    .option('-f, --file <file>', 'JSON object of features by name; - is stdin')
    .option(
      '--set <name=value...>',
      'a feature: JSON if it parses as JSON, else a string; wins over the file',
      collectNamedValue,
    )
    .option('--version <version>', 'a version, range, alias, digest or time; else the default')
    .option('--entity-id <id>', 'what the prediction is about')
    .action(async (model: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<PredictOptions>();
      const body = {
        features: await featuresOf(options, terminal),
        ...(options.entityId !== undefined && { entityId: options.entityId }),
      };
      const path = `${releasePath('v1', model, options.version)}:predict`;
      const answer = await call(gatewayOf(options, terminal), 'POST', path, body);
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : asTable(answer),
      );
    });

const featuresOf = async ({ file, set }: PredictOptions, terminal: Terminal): Promise<Features> => {
  if (file === undefined && set === undefined)
    throw usageFailure('features are missing: give --file or --set');
  const fromFile = file === undefined ? {} : await readJsonObject(file, terminal);
  return { ...fromFile, ...Object.fromEntries(set ?? []) };
};

/** The outputs, or which rule refused and why. */
const formatOutcome = ({ prediction: answered, refusal }: Prediction): string =>
  refusal === undefined
    ? formatPairs(Object.entries(answered?.outputs ?? {}))
    : formatPairs([
        ['refused', refusal.code],
        ['reason', refusal.message],
      ]);

const asTable = (answer: unknown): string => {
  const parsed = prediction.parse(answer);
  const { release, predictionId, timings, traceId, warnings } = parsed;
  return [
    formatOutcome(parsed),
    formatPairs([
      ['release', `${release.name} ${release.version}`],
      ...warnings.map((warning) => ['warning', warning] as const),
      ['prediction', predictionId],
      ['trace', traceId],
      ['total', timings?.totalMs === undefined ? undefined : `${timings.totalMs} ms`],
    ]),
  ].join('\n');
};
