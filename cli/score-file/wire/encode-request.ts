import { ByteWriter } from '@sluice/kernel/protobuf/byte-writer';
import { tagged, textField, wire } from '@sluice/kernel/protobuf/fields';

/** Numbers of fields in protos/sluice/v1: of PredictStreamRequest `predict`, of PredictRequest the others. */
const predict = 1;
const request = { model: 1, version: 2, entityId: 3, features: 4, requestId: 6 } as const;
/** gRPC: not compressed, then four bytes of length. */
const frameHead = Buffer.alloc(5);
const lengthAt = 1;

/** Questions of several rows, one behind the other. */
export interface Questions {
  readonly bytes: Buffer;
  /** Where each ends, and the next begins. */
  readonly ends: readonly number[];
}

/** Encodes questions to one release. */
export interface RequestEncoder {
  /** Appends a gRPC frame with a PredictStreamRequest. `put` appends the entries of Struct.fields. */
  readonly add: (requestId: string, entityId: string, put: (features: ByteWriter) => void) => void;
  /** Those since the last time. */
  readonly take: () => Questions;
}

export const requestEncoder = (model: string, version: string): RequestEncoder => {
  const out = new ByteWriter();
  textField(out, request.model, model);
  textField(out, request.version, version);
  const release = Uint8Array.from(out.written);
  out.reset();
  let ends: number[] = [];
  return {
    add: (requestId, entityId, put) => {
      out.raw(frameHead);
      const message = tagged(out, predict, wire.bytes).open();
      out.raw(release);
      textField(out, request.entityId, entityId);
      textField(out, request.requestId, requestId);
      const features = tagged(out, request.features, wire.bytes).open();
      put(out);
      out.close(features);
      out.close(message);
      ends.push(out.length);
    },
    take: () => {
      const questions = { bytes: Buffer.from(out.written), ends };
      let start = 0;
      for (const end of ends) {
        questions.bytes.writeUInt32BE(end - start - frameHead.length, start + lengthAt);
        start = end;
      }
      out.reset();
      ends = [];
      return questions;
    },
  };
};
