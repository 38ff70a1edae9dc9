const seed = 0x9747b28c;
const factor = 0x5bd1e995;

/** murmur2 as Kafka's Java client computes it (org.apache.kafka.common.utils.Utils): a signed number of 32 bits. */
export const murmur2 = (bytes: Buffer): number => {
  const rest = bytes.length % 4;
  const whole = bytes.length - rest;
  let hash = seed ^ bytes.length;
  for (let index = 0; index < whole; index += 4) {
    const word = Math.imul(bytes.readInt32LE(index), factor);
    hash = Math.imul(hash, factor) ^ Math.imul(word ^ (word >>> 24), factor);
  }
  if (rest > 0) hash = Math.imul(hash ^ bytes.readUIntLE(whole, rest), factor);
  hash = Math.imul(hash ^ (hash >>> 13), factor);
  return hash ^ (hash >>> 15);
};

/** Where Kafka's clients put a key, so that a log that moves to Kafka keeps its order per key. */
export const partitionOf = (key: Buffer, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions;
