import type { EventLogAdmin } from '@sluice/kernel/event-log/event-log';
import { repeat } from './repeat.ts';

export interface LagOptions {
  readonly admin: EventLogAdmin;
  readonly group: string;
  readonly topic: string;
  readonly intervalMs: number;
  readonly onLag: (topic: string, partition: number, messages: number) => void;
}

const look = async ({ admin, group, topic, onLag }: LagOptions): Promise<void> => {
  const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(group, topic)]);
  const offsets = new Map(committed.map(({ partition, offset }) => [partition, offset]));
  for (const { partition, first, next } of ranges) {
    const offset = offsets.get(partition) ?? first;
    // What retention took away unread is no longer to come.
    onLag(topic, partition, Number(next - (offset > first ? offset : first)));
  }
};

/** Tells at once, and then from time to time, how many messages of a topic a group has before it. */
export const watchLag = (options: LagOptions): AsyncDisposable =>
  // A log that is away is told by the consumer itself.
  repeat(() => look(options), { intervalMs: options.intervalMs, onError: () => undefined });
