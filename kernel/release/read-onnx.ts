import protobuf from 'protobufjs';
import { foreignKindOf } from './foreign-files.ts';
import { boundMessages } from './onnx-bounds.ts';
import { modelProto, type OnnxGraph, type OnnxModel } from './onnx-messages.ts';
import { PackageError } from './package-error.ts';

/** @throws PackageError when the bytes are no ONNX model. */
export const readOnnxModel = (bytes: Uint8Array): OnnxModel => {
  const model = decode(bytes);
  const { graph } = model;
  if (graph === undefined) throw notOnnx(bytes, 'it has no graph');
  return { ...model, graph };
};

const notOnnx = (bytes: Uint8Array, why: string, cause?: unknown): PackageError => {
  const kind = foreignKindOf(bytes);
  const message = `this is not an ONNX model: ${kind ?? why}`;
  return new PackageError([{ file: 'model.onnx', message }], cause);
};

type Decoded = Omit<OnnxModel, 'graph'> & { readonly graph?: OnnxGraph };

const decode = (bytes: Uint8Array): Decoded => {
  try {
    const reader = protobuf.Reader.create(bytes);
    reader.discardUnknown = true;
    boundMessages(modelProto, bytes);
    return modelProto.toObject(modelProto.decode(reader), { longs: Number, arrays: true }) as Decoded;
  } catch (error) {
    if (error instanceof PackageError) throw error;
    throw notOnnx(bytes, 'it is truncated or no protobuf message', error);
  }
};
