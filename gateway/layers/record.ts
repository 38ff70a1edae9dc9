import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { Answer, TimedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';
import type { WriteRecord } from '../records/record-writer.ts';

export interface RecordOptions {
  readonly write: WriteRecord;
  readonly now: () => number;
}

/**
 * Has every request recorded before it is answered, however it ends: as a prediction, a refusal or a failure; but not
 * what is only asked once more, or will be. A caller who went away gets a record too.
 */
export const record = ({ write, now }: RecordOptions): Layer<TimedCall, Answer, TimedCall, Answer> => {
  const failed = async (call: TimedCall, thrown: unknown): Promise<never> => {
    const error = fromUnknown(thrown);
    if (call.isRetried?.(error)) throw error;
    await write(call, call.trail.resolution, { error, totalMs: now() - call.scope.arrivedAt });
    throw error;
  };
  return (next) => async (call) => {
    if (call.traffic === 'replay') return next(call);
    let answer: Answer;
    try {
      answer = await next(call);
    } catch (thrown) {
      return failed(call, thrown);
    }
    await write(call, call.trail.resolution, { answer });
    return answer;
  };
};
