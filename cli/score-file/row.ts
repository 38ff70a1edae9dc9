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
  /** A gRPC frame with the question; empty: there is none. */
  frame: Buffer;
  /** What it was. */
  readonly bytes: number;
  /** What is copied to the output. */
  readonly kept: readonly Value[];
  outcome: Outcome | undefined;
  /** How often it was tried, and when it failed first, in milliseconds of performance.now(). */
  failures: number;
  firstFailedMs: number;
}
