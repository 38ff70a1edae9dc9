import type { Span } from '@opentelemetry/api';
import type { Message, Received } from '@sluice/kernel/event-log/event-log';
import type { KnownEvent } from '../event-codec.ts';

/** What can come of an event. */
export const outcomes = ['scored', 'refused', 'filtered', 'unchanged', 'dead-lettered'] as const;
export type Outcome = (typeof outcomes)[number];

/** What came of an event, and what is to be written because of it. */
export interface Result {
  /** undefined: it is no event. */
  readonly outcome: Outcome | undefined;
  /** For the sink topic. */
  readonly scored?: Message | undefined;
  /** For sluice.predictions.v1. */
  readonly record?: Message | undefined;
  /** For the topic of dead letters. */
  readonly letter?: Message | undefined;
}

/** An event from when it is read until what came of it is written. */
export interface Slot {
  readonly received: Received;
  readonly bytes: number;
  /** Of performance.now(). */
  readonly readAt: number;
  /** undefined: it is not to be scored. */
  event: KnownEvent | undefined;
  span: Span | undefined;
  attempts: number;
  /** Attempts that count against the limit. */
  failures: number;
  /** An attempt failed, and the next one has not begun. */
  isWaiting: boolean;
  /** undefined: it is not finished. */
  result: Result | undefined;
  /** It was the so manieth of its window to be finished; 0: it is not. */
  finishedAs: number;
  /** How many were finished when its last attempt failed. */
  finishedBefore: number;
}

/** What a message takes beside its bytes, about. */
const messageBytes = 64;

export const bytesOf = ({ key, value }: Pick<Received, 'key' | 'value'>): number =>
  messageBytes + (key?.length ?? 0) + (value?.length ?? 0);

export const newSlot = (received: Received, readAt: number): Slot => ({
  received,
  bytes: bytesOf(received),
  readAt,
  event: undefined,
  span: undefined,
  attempts: 0,
  failures: 0,
  isWaiting: false,
  result: undefined,
  finishedAs: 0,
  finishedBefore: 0,
});

/** Of what is to be written because of it. */
export const writtenBytes = ({ scored, record, letter }: Result): number =>
  (scored ? bytesOf(scored) : 0) + (record ? bytesOf(record) : 0) + (letter ? bytesOf(letter) : 0);
