const seed = 0x9747b28c;
const factor = 0x5bd1e995;

/**
 * murmur2 as Kafka's Java client computes it (org.apache.kafka.common.utils.Utils), of a part of some bytes: a signed
 * number of 32 bits.
 */
export const murmur2 = (bytes: Buffer, from = 0, end = bytes.length): number => {
  const rest = (end - from) % 4;
  const whole = end - rest;
  let hash = seed ^ (end - from);
  for (let index = from; index < whole; index += 4) {
    const word = Math.imul(bytes.readInt32LE(index), factor);
    hash = Math.imul(hash, factor) ^ Math.imul(word ^ (word >>> 24), factor);
  }
  if (rest > 0) hash = Math.imul(hash ^ bytes.readUIntLE(whole, rest), factor);
  hash = Math.imul(hash ^ (hash >>> 13), factor);
  return hash ^ (hash >>> 15);
};

/** Where Kafka's clients put a key, so that a log that moves to Kafka keeps its order per key. */
export const partitionOf = (key: Buffer, partitions: number): number =>
  partitionAt(key, 0, key.length, partitions);

/** The same of a key that is a part of some bytes. */
export const partitionAt = (bytes: Buffer, from: number, end: number, partitions: number): number =>
  (murmur2(bytes, from, end) & 0x7fffffff) % partitions;
