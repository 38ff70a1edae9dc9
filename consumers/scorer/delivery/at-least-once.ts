import type { Producer } from '@sluice/kernel/event-log/event-log';
import { messagesOf, type Outlet, type OutletOptions } from './outlet.ts';

/**
 * Sends, then commits. What was sent and not committed is sent again by whoever has the partition next, with the same
 * prediction ids.
 */
export const openAtLeastOnce = async (
  producer: Pick<Producer, 'send'>,
  options: OutletOptions,
): Promise<Outlet> => {
  const { partition } = options;
  return {
    start: partition.start,
    write: async (group) => {
      const messages = messagesOf(group, options);
      if (messages.length > 0) await producer.send(messages);
    },
    commit: (next) => partition.commit(next),
    [Symbol.asyncDispose]: async () => undefined,
  };
};
