import type { RecordHeader__Output } from '@sluice/protos/gen/sluice/gateway/v1/RecordHeader';
import type { ReturnedRecord__Output } from '@sluice/protos/gen/sluice/gateway/v1/ReturnedRecord';
import type { ScoreAnswer__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreFailure__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreFailure';
import type { Refusal__Output } from '@sluice/protos/gen/sluice/v1/Refusal';
import type { Timings__Output } from '@sluice/protos/gen/sluice/v1/Timings';
import type { ByteReader } from '../protobuf/byte-reader.ts';
import type { ReadPart } from './frame-codec.ts';
import { type DecodeStruct, readRow } from './wire-rows.ts';

/** As protobufjs reads it: failures are rare. */
export type DecodeFailure = (failure: Buffer) => ScoreFailure__Output;

const readRefusal = (from: ByteReader): Refusal__Output => {
  const refusal = { code: '', message: '' };
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) refusal.code = from.text();
    else if (field === 2) refusal.message = from.text();
    else from.skip();
  }
  return refusal;
};

const readTimings = (from: ByteReader): Timings__Output => {
  const timings = { queueMs: 0, computeMs: 0, totalMs: 0 };
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) timings.queueMs = from.double();
    else if (field === 2) timings.computeMs = from.double();
    else if (field === 3) timings.totalMs = from.double();
    else from.skip();
  }
  return timings;
};

const empty = Buffer.alloc(0);

const readHeader = (from: ByteReader, likely: RecordHeader__Output | undefined): RecordHeader__Output => {
  const header: RecordHeader__Output = { name: '', value: empty };
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) header.name = from.text(likely?.name);
    else if (field === 2) header.value = from.bytes();
    else from.skip();
  }
  return header;
};

const readRecord = (
  from: ByteReader,
  likely: ReturnedRecord__Output | null | undefined,
): ReturnedRecord__Output => {
  const record: ReturnedRecord__Output = { key: empty, value: empty, headers: [] };
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) record.key = from.bytes();
    else if (field === 2) record.value = from.bytes();
    else if (field === 3) record.headers.push(readHeader(from, likely?.headers[record.headers.length]));
    else from.skip();
  }
  return record;
};

type Outcome = Pick<ScoreAnswer__Output, 'outputs' | 'refusal' | 'failure' | 'outcome'>;

/** Reads sluice.gateway.v1.ScoreAnswer by hand. Its record has the headers of the one before it, most likely. */
export const scoreAnswerReader = (
  decodeStruct: DecodeStruct,
  decodeFailure: DecodeFailure,
): ReadPart<ScoreAnswer__Output> => {
  return (from, likely) => {
    let [id, release, traceparent] = [0, 0, ''];
    let outcome: Outcome = {};
    let timings: Timings__Output | null = null;
    let record: ReturnedRecord__Output | null = null;
    const warnings: string[] = [];
    for (const end = from.open(); from.isBefore(end); ) {
      switch (from.tag()) {
        case 1:
          id = from.varint();
          break;
        case 2:
          outcome = { outputs: readRow(from, decodeStruct), outcome: 'outputs' };
          break;
        case 3:
          outcome = { refusal: readRefusal(from), outcome: 'refusal' };
          break;
        case 4:
          outcome = { failure: decodeFailure(from.bytes()), outcome: 'failure' };
          break;
        case 5:
          release = from.varint();
          break;
        case 6:
          timings = readTimings(from);
          break;
        case 7:
          warnings.push(from.text());
          break;
        case 8:
          traceparent = from.text();
          break;
        case 9:
          record = readRecord(from, likely?.record);
          break;
        default:
          from.skip();
      }
    }
    return { id, ...outcome, release, timings, warnings, traceparent, record };
  };
};
