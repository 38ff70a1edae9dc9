import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Message } from '@sluice/kernel/event-log/event-log';
import { feedbackTopic } from '@sluice/kernel/records/topics';
import type { Customer } from './customers.ts';
import type { Score } from './watch-scores.ts';

/** Of one customer in so many it becomes known whether he left, so long after. */
const oneIn = 4;
const lateMs = 2_000;
const tickMs = 250;

export interface Labels {
  /** To be told of each score. */
  note(scores: readonly Score[]): void;
  /** How many were sent, and of these how often the model was right. */
  readonly sent: number;
  readonly right: number;
  /** The prediction that the last label was about. */
  readonly last: string | undefined;
  /** Sends those that are not due yet, too. */
  finish(): Promise<void>;
}

/** Sends late labels as pipelines do: as JSON to the topic of feedback. */
export const openLabels = async (
  log: EventLog,
  customers: readonly Customer[],
  stack: AsyncDisposableStack,
): Promise<Labels> => {
  const producer = stack.use(await log.openProducer());
  let waiting: { readonly score: Score; readonly dueAt: number }[] = [];
  const counts = { sent: 0, right: 0 };
  let last: string | undefined;
  const labelOf = ({ event }: Score): string => customers[event % customers.length]?.label ?? '';
  const messageOf = (score: Score): Message => {
    const { predictionId } = score;
    const feedback = { predictionId, label: labelOf(score), author: 'demo' };
    return {
      key: Buffer.from(predictionId),
      value: Buffer.from(JSON.stringify(feedback)),
      headers: [['content-type', Buffer.from('application/json')]],
    };
  };
  const send = async (until: number): Promise<void> => {
    const due = waiting.filter(({ dueAt }) => dueAt <= until).map(({ score }) => score);
    waiting = waiting.filter(({ dueAt }) => dueAt > until);
    if (due.length === 0) return;
    await producer.send([{ topic: feedbackTopic, messages: due.map(messageOf) }]);
    counts.sent += due.length;
    counts.right += due.filter((score) => score.answer === labelOf(score)).length;
    last = due.at(-1)?.predictionId;
  };
  const ending = new AbortController();
  const sending = (async () => {
    while (!ending.signal.aborted) {
      await send(performance.now());
      await pause(tickMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    note: (scores) => {
      const dueAt = performance.now() + lateMs;
      for (const score of scores) if (score.event % oneIn === 0) waiting.push({ score, dueAt });
    },
    get sent() {
      return counts.sent;
    },
    get right() {
      return counts.right;
    },
    get last() {
      return last;
    },
    finish: async () => {
      ending.abort();
      await sending;
      await send(Number.POSITIVE_INFINITY);
    },
  };
};
