import { forEachSome } from '../for-each-some.ts';
import type { ProgressBar } from '../output/progress-bar.ts';
import { type PredictionFilter, walkPredictions } from '../predictions/list-predictions.ts';
import type { StoredPrediction } from '../predictions/stored-prediction.ts';
import { compareOutcomes } from './compare-outcomes.ts';
import { outcomeOfRecord } from './outcome.ts';
import type { ReplayTarget } from './replay-target.ts';
import { sendAgain } from './send-again.ts';
import { createTally, type ReplayReport, type TallyOptions } from './tally.ts';
import { whyNotReplayed } from './why-not.ts';

/** Requests under way at once: they share the release with real traffic. */
const atOnce = 16;

export interface ReplayOptions extends ReplayTarget, TallyOptions {
  readonly filter: PredictionFilter & { readonly from: string; readonly to: string };
  /** Records that are read at most, the latest. */
  readonly limit: number | undefined;
  readonly progress: ProgressBar;
  readonly stop: AbortSignal;
}

/** Runs recorded inputs against another release, the latest first, and compares what comes out. */
export const replayPredictions = async (options: ReplayOptions): Promise<ReplayReport> => {
  const { gateway, filter, limit, progress, stop, tolerance, model, release } = options;
  const [fromMs, toMs] = [Date.parse(filter.from), Date.parse(filter.to)];
  const tally = createTally(options);
  let done = 0;
  const replayOne = async ({ record }: StoredPrediction): Promise<void> => {
    stop.throwIfAborted();
    const reason = whyNotReplayed(record);
    if (reason === undefined) {
      const outcome = await sendAgain(options, record);
      tally.add({
        predictionId: record.predictionId,
        recorded: record.release?.version ?? record.version,
        comparison: compareOutcomes(outcomeOfRecord(record.outcome), outcome, tolerance),
        outcome,
      });
    } else tally.skip(reason);
    done += 1;
    const inRange = (toMs - Date.parse(record.time)) / (toMs - fromMs);
    progress.at(limit === undefined ? inRange : Math.max(inRange, done / limit), done);
  };
  await forEachSome(walkPredictions(gateway, filter, limit), atOnce, replayOne);
  return tally.report({ model, release, from: filter.from, to: filter.to });
};
