import { randomUUID } from 'node:crypto';
import type { EventLogAdmin } from '../event-log.ts';
import { findTime } from './find-time.ts';
import { checkName, committedOffsets, forgetOffsets } from './offsets.ts';
import { readState } from './partition-state.ts';
import type { Parts } from './parts.ts';
import { firstOffset } from './read-batch.ts';
import type { Tables } from './tables.ts';
import type { Topic } from './topics.ts';

const partitionsOf = ({ partitions }: Topic): number[] =>
  Array.from({ length: partitions }, (_, partition) => partition);

const idKey = Buffer.from('id');

/** Who asks first makes it; of those who ask at once, one. */
const idOf = ({ about, read, write }: Tables): string => {
  const found = (): string | undefined => about.get(idKey)?.toString();
  const make = (): string => {
    const id = randomUUID();
    about.putSync(idKey, Buffer.from(id));
    return id;
  };
  return read(found) ?? write(() => found() ?? make());
};

export const openAdmin = ({ tables, topics, leases }: Parts): EventLogAdmin => ({
  id: async () => idOf(tables),
  create: async (wanted) => topics.create(wanted),
  topics: async () => topics.all().map(({ name }) => name),
  ranges: async (name) => {
    const topic = topics.find(name);
    return tables.read(() =>
      partitionsOf(topic).map((partition) => ({
        partition,
        first: firstOffset(tables, topic.id, partition),
        next: readState(tables, topic.id, partition).next,
      })),
    );
  },
  offsetsAt: async (name, timeMs) => {
    const topic = topics.find(name);
    return tables.read(() =>
      partitionsOf(topic).map((partition) => ({
        topic: name,
        partition,
        offset: findTime(tables, topic.id, partition, timeMs),
      })),
    );
  },
  committed: async (group, name) => {
    checkName('group', group);
    const topic = topics.find(name);
    return tables.read(() => committedOffsets(tables, group, topic));
  },
  forget: async (group) => {
    checkName('group', group);
    const names = topics.all().map(({ name }) => name);
    tables.write(() => {
      if (names.some((name) => leases.isHeld(group, name))) return;
      for (const name of names) forgetOffsets(tables, group, topics.find(name));
    });
  },
});
