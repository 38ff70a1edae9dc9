import { Command, Option } from 'commander';
import type { GatewayOptions } from '../../gateway-client.ts';
import { wholeNumber } from '../../number-option.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatPredictionList } from '../../output/prediction-list.ts';
import { addRangeOptions, type RangeOptions, rangeOf } from '../../predictions/filter-options.ts';
import { listPage, type PredictionFilter, type PredictionPage } from '../../predictions/list-predictions.ts';
import { storedPrediction } from '../../predictions/stored-prediction.ts';
import type { Terminal } from '../../terminal.ts';

interface ListOptions extends GlobalOptions, RangeOptions {
  readonly model?: string;
  readonly version?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly entity?: string;
  readonly withFeedback?: boolean;
  readonly withoutFeedback?: boolean;
  readonly synthetic?: boolean;
  readonly limit: number;
  readonly pageToken?: string;
}

/** What is held in memory and shown at once; an export has no such bound. */
const maxListed = 10_000;
const defaultListed = 100;
/** Of the gateway. */
const maxPageSize = 1_000;

/** `sluice predictions list` */
export const listCommand = (terminal: Terminal): Command =>
  addRangeOptions(
    new Command('list')
      .description('recorded predictions, the latest first')
      .option('--model <name>', 'of this model')
      .option('--version <version>', 'that this release answered; an exact version'),
  )
    .addOption(
      new Option('--outcome <outcome>', 'what came of it').choices(['prediction', 'refusal', 'failure']),
    )
    .option('--code <code>', 'OK, the code of a rule, or a code of an error')
    .option('--entity <id>', 'about this entity')
    .addOption(new Option('--with-feedback', 'only those with feedback').conflicts('withoutFeedback'))
    .option('--without-feedback', 'only those without')
    .option('--synthetic', 'those of tests and probes, which are left out otherwise')
    .option('--limit <count>', 'at most so many', wholeNumber(1, maxListed), defaultListed)
    .option('--page-token <token>', 'where an earlier list with the same options ended')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const page = await collect(gatewayOf(options, terminal), filterOf(options), options);
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify(page, null, 2)}\n`
          : formatPredictionList(
              page.predictions.map((each) => storedPrediction.parse(each)),
              page.nextPageToken,
            ),
      );
    });

const filterOf = (options: ListOptions): PredictionFilter => {
  const { model, version, outcome, code, entity, withFeedback, withoutFeedback, synthetic } = options;
  return {
    ...(model !== undefined && { model }),
    ...(version !== undefined && { version }),
    ...rangeOf(options),
    ...(outcome !== undefined && { outcome }),
    ...(code !== undefined && { code }),
    ...(entity !== undefined && { entityId: entity }),
    ...(withFeedback === true && { hasFeedback: true }),
    ...(withoutFeedback === true && { hasFeedback: false }),
    ...(synthetic === true && { synthetic }),
  };
};

/** As many pages as it takes. */
const collect = async (
  gateway: GatewayOptions,
  filter: PredictionFilter,
  { limit, pageToken: first }: ListOptions,
): Promise<PredictionPage> => {
  const predictions: unknown[] = [];
  let nextPageToken = first ?? '';
  do {
    const pageSize = Math.min(maxPageSize, limit - predictions.length);
    const page = await listPage(gateway, filter, { pageSize, pageToken: nextPageToken });
    predictions.push(...page.predictions);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== '' && predictions.length < limit);
  return { predictions, nextPageToken };
};
