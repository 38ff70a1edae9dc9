/**
 * Answers one call. What stands in its way is thrown at once, or rejects the answer: a layer that waits for nothing makes no
 * promise of its own, since each costs every call a turn.
 */
export type Handler<Call, Answer> = (call: Call) => Promise<Answer>;

/** What stands between two handlers: takes the outer call, hands an inner one on. */
export type Layer<Call, Answer, InnerCall, InnerAnswer> = (
  next: Handler<InnerCall, InnerAnswer>,
) => Handler<Call, Answer>;

/** A list of layers under construction; the types of neighbours must fit. */
export interface Road<Call, Answer, InnerCall, InnerAnswer> {
  layer<C, A>(layer: Layer<InnerCall, InnerAnswer, C, A>): Road<Call, Answer, C, A>;
  end(handler: Handler<InnerCall, InnerAnswer>): Handler<Call, Answer>;
}

/** Begins a list with its outermost layer. */
export const road = <Call, Answer, InnerCall, InnerAnswer>(
  outer: Layer<Call, Answer, InnerCall, InnerAnswer>,
): Road<Call, Answer, InnerCall, InnerAnswer> => ({
  layer: (layer) => road((handler) => outer(layer(handler))),
  end: (handler) => outer(handler),
});
