import { Command } from 'commander';
import { numberWithin } from '../../number-option.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatStoredPrediction } from '../../output/stored-prediction.ts';
import { getPrediction } from '../../predictions/get-prediction.ts';
import { storedPrediction } from '../../predictions/stored-prediction.ts';
import type { Terminal } from '../../terminal.ts';

interface GetOptions extends GlobalOptions {
  /** Seconds. */
  readonly wait: number;
}

const longestWaitS = 3_600;

/** `sluice predictions get ID` */
export const getCommand = (terminal: Terminal): Command =>
  new Command('get')
    .description('one prediction: what was asked, what was answered, and what became known since')
    .argument('<prediction-id>')
    .option(
      '--wait <seconds>',
      'longest wait for one that another gateway has just answered',
      numberWithin(0, longestWaitS),
      10,
    )
    .action(async (predictionId: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GetOptions>();
      const answer = await getPrediction(gatewayOf(options, terminal), predictionId, options.wait * 1_000);
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify(answer, null, 2)}\n`
          : formatStoredPrediction(storedPrediction.parse(answer)),
      );
    });
