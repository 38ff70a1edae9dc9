import type { RecordHeader__Output } from '@sluice/protos/gen/sluice/gateway/v1/RecordHeader';
import type { ReturnedRecord__Output } from '@sluice/protos/gen/sluice/gateway/v1/ReturnedRecord';
import type { ScoreAnswer__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreFailure__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreFailure';
import type { Refusal__Output } from '@sluice/protos/gen/sluice/v1/Refusal';
import type { Timings__Output } from '@sluice/protos/gen/sluice/v1/Timings';
import type { ByteReader } from '../protobuf/byte-reader.ts';
import type { ReadPart } from './frame-codec.ts';
import { type DecodeStruct, readRow } from './wire-rows.ts';

/** What protobufjs reads: it is rare. */
export interface AnswerDecoders {
  readonly struct: DecodeStruct;
  readonly failure: (failure: Buffer) => ScoreFailure__Output;
}

const noBytes = Buffer.alloc(0);

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
  let [queueMs, computeMs, totalMs] = [0, 0, 0];
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) queueMs = from.double();
    else if (field === 2) computeMs = from.double();
    else if (field === 3) totalMs = from.double();
    else from.skip();
  }
  return { queueMs, computeMs, totalMs };
};

const readHeader = (from: ByteReader, likely: string | undefined): RecordHeader__Output => {
  let name = '';
  let value: Buffer = noBytes;
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) name = from.text(likely);
    else if (field === 2) value = from.bytes();
    else from.skip();
  }
  return { name, value };
};

const readRecord = (
  from: ByteReader,
  likely: ReturnedRecord__Output | null | undefined,
): ReturnedRecord__Output => {
  const headers: RecordHeader__Output[] = [];
  let [key, value]: Buffer[] = [noBytes, noBytes];
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) key = from.bytes();
    else if (field === 2) value = from.bytes();
    else if (field === 3) headers.push(readHeader(from, likely?.headers[headers.length]?.name));
    else from.skip();
  }
  return { key: key ?? noBytes, value: value ?? noBytes, headers };
};

type Outcome = Pick<ScoreAnswer__Output, 'outcome' | 'outputs' | 'refusal' | 'failure'>;

/** Reads sluice.gateway.v1.ScoreAnswer by hand. */
export const scoreAnswerReader = (decode: AnswerDecoders): ReadPart<ScoreAnswer__Output> => {
  return (from, likely) => {
    const warnings: string[] = [];
    let [id, release] = [0, 0];
    let traceparent = '';
    let outcome: Outcome = {};
    let timings: Timings__Output | null = null;
    let record: ReturnedRecord__Output | null = null;
    for (const end = from.open(); from.isBefore(end); ) {
      switch (from.tag()) {
        case 1:
          id = from.varint();
          break;
        case 2:
          outcome = { outcome: 'outputs', outputs: readRow(from, decode.struct) };
          break;
        case 3:
          outcome = { outcome: 'refusal', refusal: readRefusal(from) };
          break;
        case 4:
          outcome = { outcome: 'failure', failure: decode.failure(from.bytes()) };
          break;
        case 5:
          release = from.varint();
          break;
        case 6:
          timings = readTimings(from);
          break;
        case 7:
          warnings.push(from.text(likely?.warnings[warnings.length]));
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
    return { ...outcome, id, release, timings, warnings, traceparent, record };
  };
};
