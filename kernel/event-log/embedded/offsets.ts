import { SluiceError } from '../../errors/sluice-error.ts';
import type { Position } from '../event-log.ts';
import { offsetKey } from './keys.ts';
import { maxNameLength } from './limits.ts';
import type { Tables } from './tables.ts';
import type { Topic } from './topics.ts';

/**
 * A name of a group or a transactor.
 * @throws SluiceError INVALID_INPUT
 */
export const checkName = (what: string, name: string): void => {
  if (name !== '' && !name.includes('\0') && Buffer.byteLength(name) <= maxNameLength) return;
  throw new SluiceError(
    'INVALID_INPUT',
    `${what}: expected 1 to ${maxNameLength} bytes without NUL, got '${name}'`,
  );
};

/** What a group committed of a partition. */
export const committedOffset = (
  tables: Tables,
  group: string,
  topic: string,
  partition: number,
): bigint | undefined => tables.offsets.get(offsetKey(group, topic, partition))?.readBigUInt64BE();

export const committedOffsets = (tables: Tables, group: string, { name, partitions }: Topic): Position[] =>
  Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) => {
    const offset = committedOffset(tables, group, name, partition);
    return offset === undefined ? [] : [{ topic: name, partition, offset }];
  });

/** In a write only. */
export const storeOffset = (tables: Tables, group: string, { topic, partition, offset }: Position): void => {
  const value = Buffer.allocUnsafe(8);
  value.writeBigUInt64BE(offset);
  tables.offsets.putSync(offsetKey(group, topic, partition), value);
};

/** In a write only. */
export const forgetOffsets = (tables: Tables, group: string, { name, partitions }: Topic): void => {
  for (let partition = 0; partition < partitions; partition += 1)
    tables.offsets.removeSync(offsetKey(group, name, partition));
};
