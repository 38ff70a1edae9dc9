import type { Struct__Output } from '@sluice/protos/gen/google/protobuf/Struct';
import type { Row__Output } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import type { ScoreEntry__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { ReadPart } from './frame-codec.ts';
import { type DecodeStruct, readRow } from './wire-rows.ts';

/** Reads sluice.gateway.v1.ScoreEntry by hand. Its trace state is the one of the entry before it, most likely. */
export const scoreEntryReader = (decodeStruct: DecodeStruct): ReadPart<ScoreEntry__Output> => {
  return (from, likely) => {
    let [id, binding, remainingUs] = [0, 0, 0];
    let [predictionId, entityId, requestId, traceparent, tracestate] = ['', '', '', '', ''];
    let features: Row__Output | null = null;
    let parameters: Struct__Output | null = null;
    let isLast = false;
    for (const end = from.open(); from.isBefore(end); ) {
      switch (from.tag()) {
        case 1:
          id = from.varint();
          break;
        case 2:
          binding = from.varint();
          break;
        case 3:
          features = readRow(from, decodeStruct);
          break;
        case 4:
          remainingUs = from.varint();
          break;
        case 5:
          predictionId = from.text();
          break;
        case 6:
          entityId = from.text();
          break;
        case 7:
          requestId = from.text();
          break;
        case 8:
          traceparent = from.text();
          break;
        case 9:
          tracestate = from.text(likely?.tracestate);
          break;
        case 10:
          parameters = decodeStruct(from.bytes());
          break;
        case 11:
          isLast = from.flag();
          break;
        default:
          from.skip();
      }
    }
    return {
      id,
      binding,
      features,
      remainingUs,
      predictionId,
      entityId,
      requestId,
      traceparent,
      tracestate,
      parameters,
      isLast,
    };
  };
};
