import { SluiceError } from '../../errors/sluice-error.ts';
import type { Position, Transaction, Transactor } from '../event-log.ts';
import { checkName, storeOffset } from './offsets.ts';
import type { Parts } from './parts.ts';
import { prepare } from './prepare.ts';
import { storeChunks } from './store.ts';
import type { Tables } from './tables.ts';
import type { Topics } from './topics.ts';

const epochOf = ({ transactors }: Tables, key: Buffer): number => transactors.get(key)?.readUInt32BE() ?? 0;

const nextEpoch = (tables: Tables, key: Buffer): number => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(epochOf(tables, key) + 1);
  tables.transactors.putSync(key, bytes);
  return bytes.readUInt32BE();
};

const checkPosition = (topics: Topics, { topic, partition, offset }: Position): void => {
  const { partitions } = topics.find(topic);
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions && offset >= 0n) return;
  throw new SluiceError(
    'INVALID_INPUT',
    `topic ${topic} has no partition ${partition} with an offset ${offset}`,
  );
};

type Consumed = NonNullable<Transaction['consumed']>;

/** Checked before the log is locked. */
const checkConsumed = (topics: Topics, { group, positions }: Consumed): void => {
  checkName('group', group);
  for (const position of positions) checkPosition(topics, position);
};

/**
 * Fences who opened one of the same id before. Offsets of a group are refused (FENCED), too, when another log than this
 * one consumes the topic for the group: a process that stood still for too long cannot bring them back.
 */
export const openTransactor = (parts: Parts, id: string): Transactor => {
  const { tables, topics, leases } = parts;
  checkName('transactor', id);
  const key = Buffer.from(id);
  const epoch = tables.write(() => nextEpoch(tables, key));
  const storeConsumed = ({ group, positions }: Consumed): void => {
    for (const topic of new Set(positions.map((position) => position.topic))) leases.check(group, topic);
    for (const position of positions) storeOffset(tables, group, position);
  };
  return {
    commit: async ({ messages, consumed }) => {
      const chunks = prepare(topics, messages, Date.now());
      if (consumed) checkConsumed(topics, consumed);
      tables.write(() => {
        if (epochOf(tables, key) !== epoch)
          throw new SluiceError('FENCED', `somebody else has opened the transactor ${id}`);
        if (consumed) storeConsumed(consumed);
        storeChunks(tables, chunks);
      });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
};
