import type { Producer } from '../event-log.ts';
import type { Parts } from './parts.ts';
import { prepare } from './prepare.ts';
import { storeChunks } from './store.ts';

/** A send is one step on the disk: all of it is stored or nothing, and nothing is tried again. */
export const openProducer = ({ tables, topics }: Parts): Producer => ({
  send: async (batch) => {
    const chunks = prepare(topics, batch, Date.now());
    if (chunks.length > 0) tables.write(() => storeChunks(tables, chunks));
  },
  [Symbol.asyncDispose]: async () => undefined,
});
