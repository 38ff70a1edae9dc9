/**
 * What an unmarked request has (docs/adr/0010): lower is more urgent, so 1…99 come before unmarked
 * requests and 101… after them.
 */
export const defaultPriority = 100;

/** A priority as callers write it, where 0 is the default, as a number to order by. */
export const urgencyOf = (priority: number): number => (priority === 0 ? defaultPriority : priority);
