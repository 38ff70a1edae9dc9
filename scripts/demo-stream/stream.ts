import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { editRevision } from '@sluice/kernel/revision/edit-revision';
import { type StreamSettings, streamSettings } from '@sluice/kernel/revision/stream-settings';
import { openStore } from '@sluice/kernel/store/open-store';

export const sourceTopic = 'customers.activity.v1';
export const sinkTopic = 'customers.churn-scores.v1';
const partitions = 4;

/** The stream as a pipeline owner writes it into a revision. A Kafka that is used twice has its events of before. */
const demoStream = (delivery: StreamSettings['delivery'], startedAt: string): StreamSettings =>
  streamSettings.parse({
    name: `demo-${Date.parse(startedAt).toString(36)}`,
    from: sourceTopic,
    to: sinkTopic,
    model: 'churn',
    version: '2.0.0',
    key: 'customer_id',
    features: '/customer',
    pass: ['sent_at'],
    delivery,
    start: startedAt,
  });

/** Makes the topics and declares the stream. @returns its name */
export const declareStream = async (
  log: EventLog,
  home: string,
  delivery: StreamSettings['delivery'],
): Promise<string> => {
  await log.admin.create([sourceTopic, sinkTopic].map((topic) => ({ topic, partitions })));
  const stream = demoStream(delivery, new Date().toISOString());
  await editRevision(
    openStore(`file:${home}/store`),
    (content) => ({ ...content, streams: [...content.streams, stream] }),
    { who: 'demo', why: 'customers as an event stream' },
  );
  return stream.name;
};
