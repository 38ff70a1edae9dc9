/** The datatypes of the Open Inference Protocol, and what they are elsewhere. */

export interface DatatypeFacts {
  /** Bytes of one element in raw form; 0: variable (BYTES). */
  readonly size: number;
  /** Field of InferTensorContents that carries it; undefined: raw only. */
  readonly contents: ContentsField | undefined;
  /** `elem_type` of ONNX's TensorProto.DataType. */
  readonly onnx: number;
  /** Name in Triton's model configuration. */
  readonly triton: string;
}

export type ContentsField =
  | 'boolContents'
  | 'intContents'
  | 'int64Contents'
  | 'uintContents'
  | 'uint64Contents'
  | 'fp32Contents'
  | 'fp64Contents'
  | 'bytesContents';

export const datatypes = {
  BOOL: { size: 1, contents: 'boolContents', onnx: 9, triton: 'TYPE_BOOL' },
  UINT8: { size: 1, contents: 'uintContents', onnx: 2, triton: 'TYPE_UINT8' },
  UINT16: { size: 2, contents: 'uintContents', onnx: 4, triton: 'TYPE_UINT16' },
  UINT32: { size: 4, contents: 'uintContents', onnx: 12, triton: 'TYPE_UINT32' },
  UINT64: { size: 8, contents: 'uint64Contents', onnx: 13, triton: 'TYPE_UINT64' },
  INT8: { size: 1, contents: 'intContents', onnx: 3, triton: 'TYPE_INT8' },
  INT16: { size: 2, contents: 'intContents', onnx: 5, triton: 'TYPE_INT16' },
  INT32: { size: 4, contents: 'intContents', onnx: 6, triton: 'TYPE_INT32' },
  INT64: { size: 8, contents: 'int64Contents', onnx: 7, triton: 'TYPE_INT64' },
  FP16: { size: 2, contents: undefined, onnx: 10, triton: 'TYPE_FP16' },
  BF16: { size: 2, contents: undefined, onnx: 16, triton: 'TYPE_BF16' },
  FP32: { size: 4, contents: 'fp32Contents', onnx: 1, triton: 'TYPE_FP32' },
  FP64: { size: 8, contents: 'fp64Contents', onnx: 11, triton: 'TYPE_FP64' },
  BYTES: { size: 0, contents: 'bytesContents', onnx: 8, triton: 'TYPE_STRING' },
} as const satisfies Record<string, DatatypeFacts>;

export type Datatype = keyof typeof datatypes;

export const isDatatype = (text: string): text is Datatype => Object.hasOwn(datatypes, text);
export const factsOf = (datatype: Datatype): DatatypeFacts => datatypes[datatype];

const byOnnx = new Map<number, Datatype>();
const byTriton = new Map<string, Datatype>();
for (const name of Object.keys(datatypes).filter(isDatatype)) {
  byOnnx.set(datatypes[name].onnx, name);
  byTriton.set(datatypes[name].triton, name);
}

export const datatypeOfOnnx = (elemType: number): Datatype | undefined => byOnnx.get(elemType);
export const datatypeOfTriton = (name: string): Datatype | undefined => byTriton.get(name);
