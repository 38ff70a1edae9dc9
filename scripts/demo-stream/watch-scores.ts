import type { Consumer, EventLog, Received } from '@sluice/kernel/event-log/event-log';
import { eventOf } from './customers.ts';
import { sinkTopic } from './stream.ts';

/** As much of a scored event as the demo looks at. */
export interface Score {
  readonly predictionId: string;
  readonly event: number;
  /** undefined: a rule refused. */
  readonly answer: string | undefined;
  /** From the event's making to its reading out of the sink. */
  readonly tookMs: number;
}

interface ScoredEvent {
  readonly predictionId: string;
  readonly stream: string;
  readonly entityId: string;
  readonly prediction?: { readonly outputs: { readonly churn: string } };
  readonly passed: { readonly sent_at: number };
}

const scoreOf = (event: ScoredEvent): Score => ({
  predictionId: event.predictionId,
  event: eventOf(event.entityId),
  answer: event.prediction?.outputs.churn,
  tookMs: Date.now() - event.passed.sent_at,
});

/** Reads what the stream writes, as any consumer of its sink would. */
export const watchScores = (
  log: EventLog,
  stream: string,
  onScores: (scores: readonly Score[]) => void,
): Promise<Consumer> => {
  const parse = ({ value }: Received): ScoredEvent => JSON.parse(String(value));
  return log.consume({
    group: `${stream}-watch`,
    topics: [sinkTopic],
    from: 'earliest',
    maxBatchBytes: 1024 * 1024,
    work: async (partition) => {
      for await (const batch of partition.batches()) {
        // Another demo may have used the same Kafka before.
        onScores(
          batch
            .map(parse)
            .filter((event) => event.stream === stream)
            .map(scoreOf),
        );
        await partition.commit((batch.at(-1)?.offset ?? partition.start) + 1n);
      }
    },
  });
};
