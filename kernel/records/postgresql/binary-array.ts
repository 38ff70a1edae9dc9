/**
 * Arrays in the binary format of PostgreSQL's protocol (array_recv in its source). As text every quotation mark of a
 * JSON would be escaped by the sender, and read again by the server, character by character.
 */
export interface ElementType<Value> {
  /** Number of the type in pg_type. */
  readonly oid: number;
  readonly name: string;
  /** In bytes. */
  size(value: Value): number;
  write(value: Value, target: Buffer, offset: number): void;
}

const headerBytes = 20;
const lengthBytes = 4;

const fixed = <Value>(
  oid: number,
  name: string,
  bytes: number,
  write: ElementType<Value>['write'],
): ElementType<Value> => ({ oid, name, size: () => bytes, write });

export const text: ElementType<string> = {
  oid: 25,
  name: 'text',
  size: (value) => Buffer.byteLength(value),
  write: (value, target, offset) => void target.write(value, offset),
};

/** From the text of a JSON. */
export const jsonb: ElementType<string> = {
  oid: 3802,
  name: 'jsonb',
  size: (value) => 1 + Buffer.byteLength(value),
  write: (value, target, offset) => {
    const formatVersion = 1;
    target.writeUInt8(formatVersion, offset);
    target.write(value, offset + 1);
  },
};

export const bytea: ElementType<Buffer> = {
  oid: 17,
  name: 'bytea',
  size: (value) => value.length,
  write: (value, target, offset) => void value.copy(target, offset),
};

export const uuid = fixed<string>(2950, 'uuid', 16, (value, target, offset) => {
  target.write(value.replaceAll('-', ''), offset, 'hex');
});

export const bool = fixed<boolean>(16, 'bool', 1, (value, target, offset) => {
  target.writeUInt8(value ? 1 : 0, offset);
});

export const int8 = fixed<number>(20, 'int8', 8, (value, target, offset) => {
  target.writeBigInt64BE(BigInt(value), offset);
});

export const float8 = fixed<number>(701, 'float8', 8, (value, target, offset) => {
  target.writeDoubleBE(value, offset);
});

/** PostgreSQL counts from here. */
const epochMs = Date.UTC(2000, 0);

/** From milliseconds since 1970. */
export const timestamptz = fixed<number>(1184, 'timestamptz', 8, (value, target, offset) => {
  target.writeBigInt64BE(BigInt(value - epochMs) * 1_000n, offset);
});

const writeHeader = (target: Buffer, oid: number, count: number, hasNull: boolean): void => {
  const fields = [1, hasNull ? 1 : 0, oid, count, 1];
  for (const [index, field] of fields.entries()) target.writeInt32BE(field, index * lengthBytes);
};

/** One dimension, counted from 1; undefined is null. */
export const binaryArray = <Value>(
  type: ElementType<Value>,
  values: readonly (Value | undefined)[],
): Buffer => {
  const sizes = values.map((value) => (value === undefined ? -1 : type.size(value)));
  const bytes = sizes.reduce((sum, size) => sum + lengthBytes + Math.max(size, 0), headerBytes);
  const target = Buffer.allocUnsafe(bytes);
  writeHeader(target, type.oid, values.length, sizes.includes(-1));
  let offset = headerBytes;
  for (const [index, value] of values.entries()) {
    const size = sizes[index] ?? -1;
    target.writeInt32BE(size, offset);
    offset += lengthBytes;
    if (value === undefined) continue;
    type.write(value, target, offset);
    offset += size;
  }
  return target;
};
