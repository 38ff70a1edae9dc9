import type { InferEntry, InferEntry__Output } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import type { ByteReader } from '../protobuf/byte-reader.ts';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import { messageFields, textField, textFields, varintField } from '../protobuf/fields.ts';
import { readTensor, writeTensor } from './wire-tensors.ts';

/** sluice.runtime.v1.InferEntry, written and read by hand. */

export const writeInferEntry = (out: ByteWriter, entry: InferEntry): void => {
  varintField(out, 1, entry.id);
  varintField(out, 2, entry.release);
  varintField(out, 3, entry.remainingUs);
  varintField(out, 4, entry.priority);
  textField(out, 5, entry.traceparent);
  textField(out, 6, entry.tracestate);
  messageFields(out, 7, entry.inputs, writeTensor);
  textFields(out, 8, entry.outputs);
};

/** @param likely has tensors of the same names, most likely: the entry before it */
export const readInferEntry = (
  from: ByteReader,
  likely: InferEntry__Output | undefined,
): InferEntry__Output => {
  const inputs: InferEntry__Output['inputs'] = [];
  const outputs: string[] = [];
  let [id, release, remainingUs, priority] = [0, 0, 0, 0];
  let [traceparent, tracestate] = ['', ''];
  for (const end = from.open(); from.isBefore(end); ) {
    switch (from.tag()) {
      case 1:
        id = from.varint();
        break;
      case 2:
        release = from.varint();
        break;
      case 3:
        remainingUs = from.varint();
        break;
      case 4:
        priority = from.varint();
        break;
      case 5:
        traceparent = from.text();
        break;
      case 6:
        tracestate = from.text();
        break;
      case 7:
        inputs.push(readTensor(from, likely?.inputs[inputs.length]));
        break;
      case 8:
        outputs.push(from.text());
        break;
      default:
        from.skip();
    }
  }
  return { id, release, remainingUs, priority, traceparent, tracestate, inputs, outputs };
};
