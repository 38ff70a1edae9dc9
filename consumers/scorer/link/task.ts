import type { Asker, Binding, ScoreRequest } from '../gateway-link.ts';

/** One event on its way, from the call of `score` to its answer. It is in one place at a time: waiting, or on one stream. */
export interface Task {
  /** undefined: it was written; there are as many tasks as gateways have under way, and features are most of them. */
  request: ScoreRequest | undefined;
  /** One object for all bindings that say the same. */
  readonly binding: Binding;
  /** The bound model that it belongs to. */
  readonly owner: object;
  /** What it takes in a frame, at most. */
  readonly bytes: number;
  /** Of performance.now(). */
  readonly dueAt: number;
  readonly asker: Asker;
  /** On the stream that it was sent over; 0: on none. */
  id: number;
}
