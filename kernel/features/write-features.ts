import { ByteWriter } from '../protobuf/byte-writer.ts';
import { tagged, type WriteMessage, wire } from '../protobuf/fields.ts';
import type { Features, FeatureValue } from './value.ts';

/** Plain values as google.protobuf.Struct has them, without an object for each of them between. */

/** null is a value, too. */
const writeNested = <Value>(
  out: ByteWriter,
  field: number,
  value: Value,
  write: WriteMessage<Value>,
): void => {
  const start = tagged(out, field, wire.bytes).open();
  write(out, value);
  out.close(start);
};

const isList = (value: FeatureValue): value is readonly FeatureValue[] => Array.isArray(value);

const writeList = (out: ByteWriter, values: readonly FeatureValue[]): void => {
  for (const value of values) writeNested(out, 1, value, writeValue);
};

const writeValue = (out: ByteWriter, value: FeatureValue): void => {
  if (value === null) tagged(out, 1, wire.varint).varint(0);
  else if (typeof value === 'number') tagged(out, 2, wire.double).double(value);
  else if (typeof value === 'string') tagged(out, 3, wire.bytes).text(value);
  else if (typeof value === 'boolean') tagged(out, 4, wire.varint).varint(Number(value));
  else if (isList(value)) writeNested(out, 6, value, writeList);
  else writeNested(out, 5, value, writeFeatures);
};

const writeEntry = (out: ByteWriter, name: string, value: FeatureValue): void => {
  const start = tagged(out, 1, wire.bytes).open();
  tagged(out, 1, wire.bytes).text(name);
  writeNested(out, 2, value, writeValue);
  out.close(start);
};

const maxHeads = 1_024;
/** Names beyond it are a caller's whim, and not worth memory. */
const maxHeadName = 64;
const doubleBytes = 8;

/**
 * What stands before a number in the entry of a name: its length, the name, and what kind of value comes. It is the same
 * for every row, and most of what features of numbers would take.
 */
const numberHead = (() => {
  const known = new Map<string, Buffer>();
  const out = new ByteWriter();
  return (name: string): Buffer => {
    const found = known.get(name);
    if (found !== undefined) return found;
    out.reset();
    writeEntry(out, name, 0);
    const head = Buffer.from(out.written.subarray(0, -doubleBytes));
    // Names that come no more must not keep out those that do.
    if (known.size >= maxHeads) known.clear();
    if (name.length <= maxHeadName) known.set(name, head);
    return head;
  };
})();

export const writeFeatures = (out: ByteWriter, features: Features): void => {
  const names = Object.keys(features);
  const values = Object.values(features);
  for (let place = 0; place < names.length; place += 1) {
    const name = names[place] as string;
    const value = values[place];
    if (typeof value === 'number') {
      out.raw(numberHead(name));
      out.double(value);
    } else if (value !== undefined) writeEntry(out, name, value);
  }
};
