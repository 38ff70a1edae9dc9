import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import {
  countFailure,
  countSuccess,
  type ReleaseStatistics,
  type Statistics,
} from '@sluice/kernel/oip/statistics';
import type { Release } from '@sluice/kernel/release/release';
import type { Answer, ResolvedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';
import type { ServedRelease } from '../core/served-release.ts';

export interface MeasureOptions {
  readonly statistics: Statistics;
  readonly now: () => number;
  readonly observe: (call: ResolvedCall, answer: Answer) => void;
}

const rowsOf = ({ served, input }: ResolvedCall): number =>
  served.release.signature.maxBatchSize === 0 || input.kind === 'features'
    ? 1
    : (input.tensors[0]?.shape[0] ?? 1);

/** Counts and times what each release answers. */
export const measure = ({
  statistics,
  now,
  observe,
}: MeasureOptions): Layer<ResolvedCall, Answer, ResolvedCall, Answer> => {
  const known = new WeakMap<Release, ReleaseStatistics>();
  /** Found without a text that names the release, which would be put together for each call. */
  const statisticsOf = ({ release }: ServedRelease): ReleaseStatistics => {
    const found = known.get(release) ?? statistics.of(release);
    known.set(release, found);
    return found;
  };
  return (next) => async (call) => {
    // What no user asked for would be counted as if one had.
    if (call.traffic !== 'user') return next(call);
    const counts = statisticsOf(call.served);
    const elapsedUs = () => (now() - call.scope.arrivedAt) * 1000;
    counts.pending += 1;
    try {
      const answer = await next(call);
      // What a rule refused before the model is neither a success nor a failure of the release.
      if (answer.timings !== undefined) countSuccess(counts, rowsOf(call), elapsedUs(), answer.timings);
      observe(call, answer);
      return answer;
    } catch (thrown) {
      countFailure(counts, fromUnknown(thrown).meaning.reason, elapsedUs());
      throw thrown;
    } finally {
      counts.pending -= 1;
    }
  };
};
