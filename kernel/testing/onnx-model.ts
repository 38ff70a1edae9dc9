import protobuf from 'protobufjs';
import { type Datatype, factsOf } from '../tensor/datatypes.ts';

/** Builds small ONNX files for tests; production code must not import this folder. */

export interface ValueSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** A string is a named open dimension. */
  readonly shape: readonly (number | string)[];
}

export interface NodeSpec {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, or lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface ConstantSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  /** Where external data is said to lie. */
  readonly location?: string;
}

export interface ModelSpec {
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly constants?: readonly ConstantSpec[];
  readonly opset?: number;
}

/** The published field numbers of onnx.proto. */
const schema = `
syntax = "proto2";
message ModelProto { optional int64 ir_version = 1; optional GraphProto graph = 7; repeated Opset opset_import = 8; }
message Opset { optional string domain = 1; optional int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
  repeated Value input = 11; repeated Value output = 12;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; optional string op_type = 4;
  repeated Attribute attribute = 5; optional string domain = 7;
}
message Attribute { optional string name = 1; optional int64 i = 3; repeated int64 ints = 8; optional int32 type = 20; }
message TensorProto {
  repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9;
  repeated Entry external_data = 13; optional int32 data_location = 14;
}
message Entry { optional string key = 1; optional string value = 2; }
message Value { optional string name = 1; optional Type type = 2; }
message Type { optional TensorType tensor_type = 1; }
message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
message Shape { repeated Dim dim = 1; }
message Dim { optional int64 dim_value = 1; optional string dim_param = 2; }
`;

const modelProto = protobuf.parse(schema).root.lookupType('ModelProto');

const valueInfo = ({ name, datatype, shape }: ValueSpec) => ({
  name,
  type: {
    tensorType: {
      elemType: factsOf(datatype).onnx,
      shape: {
        dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })),
      },
    },
  },
});

const attributeOf = ([name, value]: [string, number | readonly number[]]) =>
  typeof value === 'number' ? { name, i: value, type: 2 } : { name, ints: value, type: 7 };

const nodeOf = ({ op, domain = '', inputs, outputs, attributes = {} }: NodeSpec) => ({
  opType: op,
  domain,
  input: inputs,
  output: outputs,
  attribute: Object.entries(attributes).map(attributeOf),
});

const constantOf = ({ name, datatype, shape, data, location }: ConstantSpec) => ({
  name,
  dims: shape,
  dataType: factsOf(datatype).onnx,
  ...(location === undefined
    ? { rawData: data }
    : { externalData: [{ key: 'location', value: location }], dataLocation: 1 }),
});

/** The bytes of an ONNX file. */
export const onnxModel = ({ inputs, outputs, nodes, constants = [], opset = 17 }: ModelSpec): Uint8Array =>
  modelProto
    .encode(
      modelProto.fromObject({
        irVersion: 8,
        opsetImport: [{ domain: '', version: opset }],
        graph: {
          name: 'test',
          node: nodes.map(nodeOf),
          initializer: constants.map(constantOf),
          input: inputs.map(valueInfo),
          output: outputs.map(valueInfo),
        },
      }),
    )
    .finish();

/** A graph whose outputs are its inputs: `x0` → `y0`, `x1` → `y1`, …. */
export const identityModel = (values: readonly Omit<ValueSpec, 'name'>[]): Uint8Array =>
  onnxModel({
    inputs: values.map((value, index) => ({ ...value, name: `x${index}` })),
    outputs: values.map((value, index) => ({ ...value, name: `y${index}` })),
    nodes: values.map((_, index) => ({ op: 'Identity', inputs: [`x${index}`], outputs: [`y${index}`] })),
  });

/** Loads and warms up well, and fails when `index` is 3 or more: a Gather from a table of three rows. */
export const failingModel = (): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'index', datatype: 'INT64', shape: ['N'] }],
    outputs: [{ name: 'row', datatype: 'FP32', shape: ['N', 2] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'index'], outputs: ['row'], attributes: { axis: 0 } }],
    constants: [{ name: 'table', datatype: 'FP32', shape: [3, 2], data: new Uint8Array(24) }],
  });
