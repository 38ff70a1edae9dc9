import { SluiceError } from '@sluice/kernel/errors/sluice-error';

/** Why admission refuses a request; also the label of its metric. */
export type RefusalReason = keyof typeof texts;

const texts = {
  full: 'as many requests as may wait for the model are waiting',
  displaced: 'a more urgent request took the last place among those that wait for the model',
  late: 'its turn would come after the deadline',
  bytes: 'the inputs of the requests in flight take as many bytes as they may',
  connection_bytes: 'the inputs in flight over this connection take as many bytes as they may',
} as const;

export const refusalReasons = Object.keys(texts) as RefusalReason[];

/**
 * OVERLOADED with the reason, and when a retry is worth while. Thousands a second may be made, always in the same place:
 * a stack would cost more than all the rest of a refusal.
 */
export const overloaded = (reason: RefusalReason, retryAfterMs: number): SluiceError => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new SluiceError('OVERLOADED', `not admitted: ${texts[reason]}`, { retryAfterMs });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
