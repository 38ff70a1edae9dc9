import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { EventLogAdmin } from '@sluice/kernel/event-log/event-log';
import { deadLetters, recordTopics } from '@sluice/kernel/records/topics';
import type { Stream } from '@sluice/kernel/revision/stream-settings';

type Settings = Pick<Stream, 'name' | 'from' | 'to' | 'deadLetters'>;

/**
 * Makes the topics of records and of dead letters where they are not there; the stream's own are their owner's affair.
 * @throws SluiceError INVALID_INPUT naming a topic of the stream that is not there; EVENT_LOG_UNAVAILABLE
 */
export const checkTopics = async (
  admin: Pick<EventLogAdmin, 'topics' | 'create'>,
  { name, from, to, deadLetters: letters }: Settings,
): Promise<void> => {
  const there = new Set(await admin.topics());
  const check = (kind: string, topic: string): void => {
    if (there.has(topic)) return;
    throw new SluiceError(
      'INVALID_INPUT',
      `stream ${name}: the event log has no ${kind} topic ${topic}; it is to be made first (sluice topics create ${topic} --partitions …)`,
    );
  };
  for (const topic of from) check('source', topic);
  check('sink', to);
  const made = [...recordTopics, { ...deadLetters, topic: letters }];
  await admin.create(made.filter(({ topic }) => !there.has(topic)));
};
