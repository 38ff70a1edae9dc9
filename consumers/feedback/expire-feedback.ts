import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { ExpiredFeedback, RecordStore } from '@sluice/kernel/records/record-store';
import { feedbackTopic } from '@sluice/kernel/records/topics';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { DeadLetter, DeadLetters } from '../dead-letters.ts';

export interface ExpireOptions {
  readonly store: Pick<RecordStore, 'expireFeedback'>;
  readonly codec: RecordCodecs['feedback'];
  readonly deadLetters: DeadLetters;
  readonly onExpired: (count: number) => void;
  readonly log: Log;
  /** How long feedback may wait for its prediction. */
  readonly waitMs: number;
}

/** What is left of it: which feedback it was, and what it was about. */
const letterOf = (codec: RecordCodecs['feedback'], expired: ExpiredFeedback, waitMs: number): DeadLetter => ({
  message: {
    topic: feedbackTopic,
    key: Buffer.from(expired.entityId || expired.predictionId),
    value: codec.encode({ ...expired }),
    headers: [['content-type', Buffer.from('application/protobuf')]],
  },
  error: new SluiceError('PREDICTION_NOT_FOUND', `no such prediction came within ${waitMs} ms`),
});

/** Gives up what waited too long, until none is left, and reports each. */
export const expireFeedback = async (
  { store, codec, deadLetters, onExpired, log, waitMs }: ExpireOptions,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const expired = await store.expireFeedback(Date.now() - waitMs);
    if (expired.length === 0) return;
    onExpired(expired.length);
    log.warn({ feedback: expired.length }, 'feedback waited too long for its prediction');
    await deadLetters.send(expired.map((each) => letterOf(codec, each, waitMs)));
  }
};
