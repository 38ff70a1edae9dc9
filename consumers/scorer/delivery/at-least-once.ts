import { type Group, messagesOf, type Outlet, type OutletOptions } from './outlet.ts';

/**
 * Sends, then commits. What was sent and not committed is sent again by whoever has the partition next, with the same
 * prediction ids.
 */
export const openAtLeastOnce = async (options: OutletOptions): Promise<Outlet> => {
  const { eventLog, partition } = options;
  const producer = await eventLog.openProducer();
  /** Of what is sent already: only its commit is tried again. */
  let sent: Group | undefined;
  return {
    start: partition.start,
    write: async (group) => {
      const messages = messagesOf(group, options);
      if (group !== sent && messages.length > 0) await producer.send(messages);
      sent = group;
      await partition.commit(group.next);
    },
    [Symbol.asyncDispose]: () => producer[Symbol.asyncDispose](),
  };
};
