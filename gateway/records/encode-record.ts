import { createHash } from 'node:crypto';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { InputToWrite, RecordToWrite } from '@sluice/kernel/records/write-record';

/** What every log takes as one message, with room for its headers: Kafka's brokers take 1,048,588 bytes of it all. */
const maxRecordBytes = 960 * 1024;
/** Parts whose sizes are told. */
const maxSizes = 64;

const partsOf = ({ tensors, named, features }: InputToWrite, codecs: RecordCodecs): [string, number][] => {
  const sizeOf = (part: InputToWrite): number => codecs.input.encode(part).length;
  if (tensors)
    return (tensors.tensors ?? [])
      .slice(0, maxSizes)
      .map(({ name = '', raw }) => [name, raw === undefined ? 0 : raw.length]);
  if (named)
    return Object.entries(named)
      .slice(0, maxSizes)
      .map(([name, value]) => [name, sizeOf({ named: { [name]: value } })]);
  return Object.entries(features?.fields ?? {})
    .slice(0, maxSizes)
    .map(([name, value]) => [name, sizeOf({ features: { fields: { [name]: value } } })]);
};

/** The input by its digest and sizes, where it is larger than it may be. */
const omitInput = (codecs: RecordCodecs, record: RecordToWrite, maxBytes: number): RecordToWrite => {
  const input = record.input ?? {};
  const bytes = codecs.input.encode(input);
  if (bytes.length <= maxBytes) return record;
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const sizes = Object.fromEntries(partsOf(input, codecs));
  return {
    ...record,
    input: { omitted: { digest, size: bytes.length, sizes } },
    notReplayable: record.notReplayable || `the input has ${bytes.length} bytes, more than may be recorded`,
  };
};

const warned = (record: RecordToWrite, what: string): string[] => [
  ...(record.warnings ?? []),
  `the record would be larger than the event log takes: ${what} not in it`,
];

/** The outcome without what it holds. */
const omitOutputs = (record: RecordToWrite): RecordToWrite => {
  const { outcome } = record;
  const tensors = outcome?.tensors?.tensors?.map((tensor) => ({ ...tensor, raw: Buffer.alloc(0) }));
  if (tensors === undefined && !outcome?.prediction) return record;
  return {
    ...record,
    outcome: tensors === undefined ? { prediction: { outputs: {} } } : { tensors: { tensors } },
    warnings: warned(record, 'what was answered is'),
  };
};

const omitParameters = (record: RecordToWrite): RecordToWrite => ({
  ...record,
  parameters: null,
  notReplayable: record.notReplayable || 'the parameters of the request are too large',
  warnings: warned(record, 'the parameters of the request are'),
});

/** The bytes of a record without anything that may be large. */
export const encodeLeast = (codecs: RecordCodecs, record: RecordToWrite): Buffer => {
  const withoutInput = record.input?.omitted ? record : omitInput(codecs, record, -1);
  return codecs.record.encode(omitParameters(omitOutputs(withoutInput)));
};

/**
 * The bytes of a record, without what is too large; what is left away is said in the record. They are lent: the next
 * record is written over them.
 * @param constants fields of it that are encoded already
 */
export const encodeRecord = (
  codecs: RecordCodecs,
  whole: RecordToWrite,
  maxInputBytes: number,
  constants?: Uint8Array,
): Buffer => {
  let bytes = codecs.record.lend(whole, constants);
  // Only what is larger as a whole may have an input that is.
  if (bytes.length <= maxInputBytes) return bytes;
  let record = omitInput(codecs, whole, maxInputBytes);
  if (record !== whole) bytes = codecs.record.lend(record, constants);
  for (const omit of [omitOutputs, omitParameters]) {
    if (bytes.length <= maxRecordBytes) return bytes;
    record = omit(record);
    bytes = codecs.record.lend(record, constants);
  }
  return bytes;
};
