/** Keys of the tables: numbers with their highest byte first, so that they are in the order of the numbers. */

export const partitionKey = (topic: number, partition: number): Buffer => {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(topic, 0);
  key.writeUInt32BE(partition, 4);
  return key;
};

/** A chunk lies under the offset of its last message: the first key at or after an offset is that of its chunk. */
export const chunkKey = (topic: number, partition: number, lastOffset: bigint): Buffer => {
  const key = Buffer.allocUnsafe(16);
  key.writeUInt32BE(topic, 0);
  key.writeUInt32BE(partition, 4);
  key.writeBigUInt64BE(lastOffset, 8);
  return key;
};

export const lastOffsetOf = (key: Uint8Array): bigint =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).readBigUInt64BE(8);

/** Behind all chunks of a partition. */
export const chunksEnd = (topic: number, partition: number): Buffer => partitionKey(topic, partition + 1);

/** Names have no NUL. */
export const groupKey = (group: string, topic: string): Buffer => Buffer.from(`${group}\0${topic}`);

export const offsetKey = (group: string, topic: string, partition: number): Buffer => {
  const number = Buffer.allocUnsafe(4);
  number.writeUInt32BE(partition);
  return Buffer.concat([groupKey(group, topic), Buffer.from([0]), number]);
};
