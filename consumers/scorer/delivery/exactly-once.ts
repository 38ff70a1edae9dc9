import type { Transactor } from '@sluice/kernel/event-log/event-log';
import { type Group, messagesOf, type Outlet, type OutletOptions } from './outlet.ts';

/** Events of a group from an offset on. */
const from = (group: Group, offset: bigint): Group =>
  (group.slots[0]?.received.offset ?? offset) >= offset
    ? group
    : { ...group, slots: group.slots.filter(({ received }) => received.offset >= offset) };

/**
 * Messages and offset in one transaction, fenced by partition: who opens the transactor of a partition ends what a
 * predecessor left open, and only then is the committed offset final (kafkajs cannot ask for one that no open
 * transaction can change any more, KIP-447). After an error nothing is known: another transactor is opened, and the
 * offset says whether the group was stored.
 */
export const openExactlyOnce = async (options: OutletOptions): Promise<Outlet> => {
  const { eventLog, stream, group, partition } = options;
  const { topic } = partition;
  const id = `sluice.${stream.name}.${topic}.${partition.partition}`;
  const committed = async (): Promise<bigint> => {
    const positions = await eventLog.admin.committed(group, topic);
    return positions.find((each) => each.partition === partition.partition)?.offset ?? 0n;
  };
  let current: Transactor | undefined;
  /** What lies before it was stored, by whomever, when this one was opened. */
  let stored = 0n;
  const giveUp = async (): Promise<void> => {
    const failed = current;
    current = undefined;
    // What fails meanwhile was told by what failed before.
    await Promise.resolve(failed?.[Symbol.asyncDispose]()).catch(() => undefined);
  };
  /** After an error it is of no use. */
  const orGiveUp = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await giveUp();
      throw error;
    }
  };
  const open = async (): Promise<void> => {
    current = await eventLog.openTransactor(id);
    stored = await orGiveUp(committed);
  };
  const commit = (given: Group): Promise<void> =>
    orGiveUp(async () => {
      const positions = [{ topic, partition: partition.partition, offset: given.next }];
      await current?.commit({ messages: messagesOf(given, options), consumed: { group, positions } });
    });
  await open();
  return {
    start: stored > partition.start ? stored : partition.start,
    write: async (given) => {
      if (current === undefined) await open();
      if (stored < given.next) await commit(from(given, stored));
    },
    // It went with what was written.
    commit: async () => undefined,
    [Symbol.asyncDispose]: giveUp,
  };
};
