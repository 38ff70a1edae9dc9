/** Castagnoli's polynomial, its bits in reverse (RFC 3720 §12.1). */
const polynomial = 0x82f63b78;
const slices = 8;

/** Of a byte with 0 to 7 bytes after it: eight bytes are then taken in one step ("slicing-by-8"). */
const makeTables = (): Int32Array[] => {
  const tables = Array.from({ length: slices }, () => new Int32Array(256));
  const [first = new Int32Array(256)] = tables;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    first[byte] = crc;
  }
  for (const [slice, table] of tables.entries())
    for (let byte = 0; slice > 0 && byte < 256; byte += 1) {
      const before = tables[slice - 1]?.[byte] ?? 0;
      table[byte] = (before >>> 8) ^ (first[before & 0xff] ?? 0);
    }
  return tables;
};

const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables() as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** CRC-32C of the bytes from `start` to `end`. Node has only the other CRC-32; kafkajs takes byte after byte. */
export const crc32c = (bytes: Uint8Array, start = 0, end = bytes.length): number => {
  let crc = -1;
  let at = start;
  for (; at + slices <= end; at += slices) {
    const a = crc ^ (bytes[at] as number);
    const b = (crc >>> 8) ^ (bytes[at + 1] as number);
    const c = (crc >>> 16) ^ (bytes[at + 2] as number);
    const d = (crc >>> 24) ^ (bytes[at + 3] as number);
    crc =
      (t7[a & 0xff] as number) ^
      (t6[b & 0xff] as number) ^
      (t5[c & 0xff] as number) ^
      (t4[d & 0xff] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number);
  }
  for (; at < end; at += 1) crc = (t0[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
};
