import type { Answer } from './wire/decode-answer.ts';

/** A cell of the output; null: there is none. */
export type Value = string | number | boolean | bigint | null;

/** What came of a row: an answer of the gateway, or why it was never asked. */
export type Outcome =
  | Exclude<Answer, { kind: 'error' }>
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** A row between being read and being written. */
export interface Slot {
  /** The first one is 1. */
  readonly row: number;
  /** The question is in these bytes, with those of other rows; empty: there is none. */
  questions: Buffer;
  readonly start: number;
  readonly end: number;
  /** What is copied to the output. */
  readonly kept: readonly Value[];
  outcome: Outcome | undefined;
  /** How often it was tried, and when it failed first, in milliseconds of performance.now(). */
  failures: number;
  firstFailedMs: number;
}

/** Of the question. */
export const bytesOf = ({ start, end }: Slot): number => end - start;
