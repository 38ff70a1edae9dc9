import type { EventLog, TopicMessages } from '@sluice/kernel/event-log/event-log';
import { readTopic } from '../event-log/read-topic.ts';
import type { Letter } from './letter.ts';

/**
 * Which letters were sent back already: their ids are the keys of a topic. (The place of a group would not do: with a
 * filter letters are passed over that another replay is to send.)
 */
export const replayedTopic = 'sluice.dead-letters-replayed.v1';

const dayMs = 86_400_000;
/** Longer than letters are kept. */
export const keptDays = 60;

export const createReplayedTopic = (log: EventLog): Promise<void> =>
  log.admin.create([
    { topic: replayedTopic, partitions: 1, config: { 'retention.ms': `${keptDays * dayMs}` } },
  ]);

/** Ids of letters. */
export const readReplayed = async (log: EventLog, stop: AbortSignal): Promise<Set<string>> => {
  const ids = new Set<string>();
  if (!(await log.admin.topics()).includes(replayedTopic)) return ids;
  for await (const { key } of readTopic({ log, topic: replayedTopic, from: 'earliest', stop }))
    if (key !== null) ids.add(key.toString());
  return ids;
};

/** Says that these were sent. */
export const noteReplayed = (letters: readonly Letter[]): TopicMessages => ({
  topic: replayedTopic,
  messages: letters.map(({ id }) => ({ key: Buffer.from(id), value: Buffer.alloc(0), headers: [] })),
});
