import protobuf from 'protobufjs';
import { refuse } from './package-error.ts';
import { onnxLimits } from './package-limits.ts';

const { maxDepth, maxMessages } = onnxLimits;
/** Of text that is read: names, domains, paths. */
const bytesOfOne = 64;

interface Count {
  messages: number;
}

const lengthDelimited = 2;

const walk = (
  type: protobuf.Type,
  reader: protobuf.Reader,
  end: number,
  depth: number,
  count: Count,
): void => {
  if (depth > maxDepth)
    refuse([{ file: 'model.onnx', message: `its messages are nested deeper than ${maxDepth}` }]);
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3];
    const isText = field !== undefined && (tag & 7) === lengthDelimited;
    if (field !== undefined) count.messages += 1;
    if (isText) enter(field, reader, end, depth, count);
    else reader.skipType(tag & 7);
    if (count.messages > maxMessages)
      refuse([{ file: 'model.onnx', message: `has more than ${maxMessages} nodes, attributes and names` }]);
  }
};

const enter = (
  field: protobuf.Field,
  reader: protobuf.Reader,
  end: number,
  depth: number,
  count: Count,
): void => {
  const length = reader.uint32();
  const within = reader.pos + length;
  if (within > end) throw new RangeError('a message is longer than what it lies in');
  const { resolvedType } = field.resolve();
  if (resolvedType instanceof protobuf.Type) walk(resolvedType, reader, within, depth + 1, count);
  // Numbers in one piece may be as many as bytes.
  else count.messages += field.repeated ? length : Math.floor(length / bytesOfOne);
  reader.pos = within;
};

/**
 * Walks through a message before anything is made of it: what is small as a file may be large as objects.
 * What the type does not name is skipped.
 * @throws PackageError when it is too deep or too much; Error when it is truncated.
 */
export const boundMessages = (type: protobuf.Type, bytes: Uint8Array): void =>
  walk(type, protobuf.Reader.create(bytes), bytes.length, 0, { messages: 0 });
