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
  repeated FunctionProto functions = 25;
}
message OperatorSetId { optional string domain = 1; optional int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated SparseTensorProto sparse_initializer = 15;
}
message FunctionProto {
  optional string name = 1;
  repeated NodeProto node = 7;
  repeated OperatorSetId opset_import = 9;
  optional string domain = 10;
}
message NodeProto { optional string op_type = 4; repeated AttributeProto attribute = 5; optional string domain = 7; }
message AttributeProto {
  optional TensorProto t = 5;
  optional GraphProto g = 6;
  repeated TensorProto tensors = 10;
  repeated GraphProto graphs = 11;
  optional SparseTensorProto sparse_tensor = 22;
  repeated SparseTensorProto sparse_tensors = 23;
}
message SparseTensorProto {
  optional TensorProto values = 1;
  optional TensorProto indices = 2;
  repeated int64 dims = 3;
}
message TensorProto {
  repeated int64 dims = 1;
  optional int32 data_type = 2;
  optional string name = 8;
  repeated Entry external_data = 13;
}
message Entry { optional string key = 1; optional string value = 2; }
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message TypeProto { optional TensorType tensor_type = 1; }
message TensorType { optional int32 elem_type = 1; optional TensorShape shape = 2; }
message TensorShape { repeated Dimension dim = 1; }
message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
`;

export const modelProto = protobuf.parse(schema).root.lookupType('ModelProto');

export interface OnnxValue {
  readonly name?: string;
  readonly type?: { readonly tensorType?: { readonly elemType?: number; readonly shape?: OnnxShape } };
}
export interface OnnxShape {
  readonly dim: readonly { readonly dimValue?: number }[];
}
export interface OnnxTensor {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType?: number;
  readonly externalData: readonly { readonly key?: string; readonly value?: string }[];
}
export interface OnnxSparseTensor {
  readonly values?: OnnxTensor;
  readonly indices?: OnnxTensor;
  readonly dims: readonly number[];
}
export interface OnnxNode {
  readonly opType?: string;
  readonly domain?: string;
  readonly attribute: readonly OnnxAttribute[];
}
export interface OnnxAttribute {
  readonly t?: OnnxTensor;
  readonly g?: OnnxGraph;
  readonly tensors: readonly OnnxTensor[];
  readonly graphs: readonly OnnxGraph[];
  readonly sparseTensor?: OnnxSparseTensor;
  readonly sparseTensors: readonly OnnxSparseTensor[];
}
export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly sparseInitializer: readonly OnnxSparseTensor[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
}
export interface OnnxOpset {
  readonly domain?: string;
  readonly version?: number;
}
export interface OnnxFunction {
  readonly name?: string;
  readonly domain?: string;
  readonly node: readonly OnnxNode[];
  readonly opsetImport: readonly OnnxOpset[];
}
export interface OnnxModel {
  readonly irVersion?: number;
  readonly graph: OnnxGraph;
  readonly opsetImport: readonly OnnxOpset[];
  readonly functions: readonly OnnxFunction[];
}
