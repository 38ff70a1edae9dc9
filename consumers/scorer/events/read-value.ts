import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { EventTypes } from './event-types.ts';
import { malformed, type Read, readJson } from './read-json.ts';
import { createProtobufReader, type Said } from './read-protobuf.ts';

/** Confluent's framing: a byte 0, and the id of a schema in four (docs.confluent.io, "Wire format"). */
const framing = 5;

const tombstone: Read<Said> = {
  error: invalidInput([
    { path: 'value', rule: 'required', message: 'it is null (a tombstone), which has no features' },
  ]),
};

const jsonSaid = (value: Buffer): Read<Said> => {
  const read = readJson(value);
  return 'error' in read
    ? read
    : { value: { event: read.value, entityId: '', requestId: '', parameters: undefined } };
};

/** Reads the value of an event in the format of its stream. */
export const valueReader = (stream: Stream, types: EventTypes): ((value: Buffer | null) => Read<Said>) => {
  const decode = stream.format === 'json' ? jsonSaid : createProtobufReader(stream, types);
  return (value) => {
    if (value === null) return tombstone;
    // Neither JSON nor protobuf begins with it.
    if (value[0] === 0 && value.length >= framing)
      return malformed(`Confluent framing (schema id ${value.readUInt32BE(1)}) is not supported yet`);
    return decode(value);
  };
};
