import type { Answer, Answer__Output } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { Failure, Failure__Output } from '@sluice/protos/gen/sluice/runtime/v1/Failure';
import type { Success, Success__Output } from '@sluice/protos/gen/sluice/runtime/v1/Success';
import type { ByteReader } from '../protobuf/byte-reader.ts';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import { messageField, messageFields, textField, varintField } from '../protobuf/fields.ts';
import { readTensor, writeTensor } from './wire-tensors.ts';

/** sluice.runtime.v1.Answer, written and read by hand. */

const writeSuccess = (out: ByteWriter, success: Success): void => {
  messageFields(out, 1, success.outputs, writeTensor);
  varintField(out, 2, success.queueUs);
  varintField(out, 3, success.computeInputUs);
  varintField(out, 4, success.computeInferUs);
  varintField(out, 5, success.computeOutputUs);
  varintField(out, 6, success.batchSize);
  varintField(out, 7, success.leadsBatch);
};

const writeFailure = (out: ByteWriter, { code, message, retryAfterMs }: Failure): void => {
  textField(out, 1, code);
  textField(out, 2, message);
  varintField(out, 3, retryAfterMs);
};

export const writeInferAnswer = (out: ByteWriter, { id, success, failure }: Answer): void => {
  varintField(out, 1, id);
  messageField(out, 2, success, writeSuccess);
  messageField(out, 3, failure, writeFailure);
};

const readSuccess = (from: ByteReader, likely: Success__Output | null | undefined): Success__Output => {
  const outputs: Success__Output['outputs'] = [];
  let [queueUs, computeInputUs, computeInferUs, computeOutputUs, batchSize] = [0, 0, 0, 0, 0];
  let leadsBatch = false;
  for (const end = from.open(); from.isBefore(end); ) {
    switch (from.tag()) {
      case 1:
        outputs.push(readTensor(from, likely?.outputs[outputs.length]));
        break;
      case 2:
        queueUs = from.varint();
        break;
      case 3:
        computeInputUs = from.varint();
        break;
      case 4:
        computeInferUs = from.varint();
        break;
      case 5:
        computeOutputUs = from.varint();
        break;
      case 6:
        batchSize = from.varint();
        break;
      case 7:
        leadsBatch = from.flag();
        break;
      default:
        from.skip();
    }
  }
  return { outputs, queueUs, computeInputUs, computeInferUs, computeOutputUs, batchSize, leadsBatch };
};

const readFailure = (from: ByteReader): Failure__Output => {
  const failure = { code: '', message: '', retryAfterMs: 0 };
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) failure.code = from.text();
    else if (field === 2) failure.message = from.text();
    else if (field === 3) failure.retryAfterMs = from.varint();
    else from.skip();
  }
  return failure;
};

/** @param likely has tensors of the same names, most likely: the answer before it */
export const readInferAnswer = (from: ByteReader, likely: Answer__Output | undefined): Answer__Output => {
  let id = 0;
  let success: Success__Output | undefined;
  let failure: Failure__Output | undefined;
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) id = from.varint();
    else if (field === 2) success = readSuccess(from, likely?.success);
    else if (field === 3) failure = readFailure(from);
    else from.skip();
  }
  if (failure !== undefined) return { id, failure, result: 'failure' };
  return success === undefined ? { id } : { id, success, result: 'success' };
};
