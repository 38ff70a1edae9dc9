import protobuf from 'protobufjs';

/**
 * Those messages of onnx.proto that a signature needs, with the published field numbers
 * (github.com/onnx/onnx/blob/main/onnx/onnx.proto). What is not named here is skipped unread, so
 * that weights cost nothing.
 */
const schema = `
syntax = "proto2";
message ModelProto {
  optional int64 ir_version = 1;
  optional GraphProto graph = 7;
  repeated OperatorSetId opset_import = 8;
}
message OperatorSetId { optional string domain = 1; optional int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message NodeProto { optional string op_type = 4; optional string domain = 7; }
message TensorProto { optional string name = 8; repeated Entry external_data = 13; }
message Entry { optional string key = 1; optional string value = 2; }
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message TypeProto { optional TensorType tensor_type = 1; }
message TensorType { optional int32 elem_type = 1; optional TensorShape shape = 2; }
message TensorShape { repeated Dimension dim = 1; }
message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
`;

export interface OnnxValue {
  readonly name: string;
  readonly type?: { readonly tensorType?: { readonly elemType?: number; readonly shape?: OnnxShape } };
}
export interface OnnxShape {
  readonly dim: readonly { readonly dimValue?: number }[];
}
export interface OnnxGraph {
  readonly node: readonly { readonly opType?: string; readonly domain?: string }[];
  readonly initializer: readonly {
    readonly name: string;
    readonly externalData: readonly { readonly key: string; readonly value: string }[];
  }[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
}
interface OnnxModel {
  readonly graph?: OnnxGraph;
}

const modelProto = protobuf.parse(schema).root.lookupType('ModelProto');

/** @throws Error when the bytes are no ONNX model. */
export const readOnnxGraph = (bytes: Uint8Array): OnnxGraph => {
  const model = decode(bytes);
  if (model.graph === undefined) throw new Error('model.onnx is not an ONNX model: it has no graph');
  return model.graph;
};

const decode = (bytes: Uint8Array): OnnxModel => {
  try {
    return modelProto.toObject(modelProto.decode(bytes), { longs: Number, arrays: true }) as OnnxModel;
  } catch (error) {
    throw new Error('model.onnx is not an ONNX model: it is truncated or no protobuf message', {
      cause: error,
    });
  }
};
