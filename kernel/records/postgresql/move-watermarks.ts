import type { SpoolPlace } from '../record-store.ts';
import { int8, text } from './binary-array.ts';
import { type Column, column, encodeRows, namesOf, tableOf } from './column-table.ts';
import { columnText } from './column-text.ts';
import type { Transaction } from './database.ts';

const columns: readonly Column<SpoolPlace>[] = [
  column('spool', text, ({ spool }) => columnText(spool)),
  column('topic', text, ({ topic }) => columnText(topic)),
  column('partition', int8, ({ partition }) => partition),
  column('sequence', int8, ({ sequence }) => sequence),
];

const move = `
insert into watermarks (${namesOf(columns)}) select * from ${tableOf(columns, 'moved')}
on conflict (spool, topic, partition)
do update set sequence = excluded.sequence where watermarks.sequence < excluded.sequence`;

/** The highest of each spool, topic and partition, in an order that is the same for everybody who moves some. */
const highest = (places: readonly (SpoolPlace | undefined)[]): SpoolPlace[] => {
  const found = new Map<string, SpoolPlace>();
  for (const place of places) {
    if (place === undefined) continue;
    const key = JSON.stringify([place.spool, place.topic, place.partition]);
    const other = found.get(key);
    if (other === undefined || other.sequence < place.sequence) found.set(key, place);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
};

/** Never back. Part of the transaction that stores what came from there. */
export const moveWatermarks = async (
  transaction: Transaction,
  places: readonly (SpoolPlace | undefined)[],
): Promise<void> => {
  const moved = highest(places);
  if (moved.length > 0) await transaction.write(move, encodeRows(columns, moved));
};
