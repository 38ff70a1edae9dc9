import { identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';

/** Multiplications of the slow model; each takes `size`³ steps. */
const products = 16;

const chain = Array.from({ length: products }, (_, index) => ({
  op: 'MatMul',
  inputs: [`m${index}`, `m${index}`],
  outputs: [`m${index + 1}`],
}));

/**
 * As slow as its caller wants, and failing when its caller wants: multiplies square matrices of
 * `size` rows sixteen times (1024: about half a second, 1536: three times that), then takes row
 * `index` of a table of three. Both inputs have a batch axis; the largest `size` counts. Several sizes
 * for a row are the same as the largest of them, but keep a request out of the batch of those with one.
 */
export const slowModel = (): Uint8Array =>
  onnxModel({
    inputs: [
      { name: 'index', datatype: 'INT64', shape: ['N'] },
      { name: 'size', datatype: 'INT64', shape: ['N', 'K'] },
    ],
    outputs: [{ name: 'row', datatype: 'FP32', shape: ['N', 2] }],
    nodes: [
      { op: 'ReduceMax', inputs: ['size'], outputs: ['highest'], attributes: { keepdims: 0 } },
      { op: 'Reshape', inputs: ['highest', 'one'], outputs: ['largest'] },
      { op: 'Concat', inputs: ['largest', 'largest'], outputs: ['square'], attributes: { axis: 0 } },
      { op: 'ConstantOfShape', inputs: ['square'], outputs: ['m0'] },
      ...chain,
      { op: 'ReduceSum', inputs: [`m${products}`], outputs: ['sum'], attributes: { keepdims: 0 } },
      { op: 'Gather', inputs: ['table', 'index'], outputs: ['found'], attributes: { axis: 0 } },
      { op: 'Add', inputs: ['found', 'sum'], outputs: ['row'] },
    ],
    constants: [
      { name: 'table', datatype: 'FP32', shape: [3, 2], data: new Uint8Array(24) },
      { name: 'one', datatype: 'INT64', shape: [1], data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) },
    ],
  });

export const slowManifest = `
apiVersion: sluice/v1
model: slow
version: 1.0.0
features:
  - { name: index, type: number, required: true, tensor: index }
  - { name: size, type: number, default: 1, tensor: size }
outputs: { row: { tensor: row } }
`;

/** Two inputs with a batch axis: x0 FP32 [-1,3] and x1 INT64 [-1]. */
export const pairModel = (): Uint8Array =>
  identityModel([
    { datatype: 'FP32', shape: ['N', 3] },
    { datatype: 'INT64', shape: ['N'] },
  ]);

/** Every kind of feature. */
export const loanModel = (): Uint8Array =>
  identityModel([
    { datatype: 'FP32', shape: ['N', 2] },
    { datatype: 'BYTES', shape: ['N', 2] },
    { datatype: 'INT64', shape: ['N', 1] },
    { datatype: 'INT32', shape: ['N', 1] },
    { datatype: 'BOOL', shape: ['N', 1] },
  ]);

export const loanManifest = (version: string): string => `
apiVersion: sluice/v1
model: loan
version: ${version}
features:
  - { name: income, type: number, required: true, tensor: x0, column: 0 }
  - { name: age, type: number, tensor: x0, column: 1 }
  - { name: region, type: category, values: [north, south], required: true, tensor: x1, column: 0 }
  - { name: tag, type: category, values: [old, new], unknown: pass, tensor: x1, column: 1 }
  - { name: months, type: number, default: 12, tensor: x2 }
  - { name: children, type: number, default: 0, tensor: x3 }
  - { name: employed, type: boolean, default: false, tensor: x4 }
outputs: { score: { tensor: y0 } }
`;

/** Features with limits of their own; beside it lies a schema for its minor version. */
export const tariffManifest = (version: string): string => `
apiVersion: sluice/v1
model: tariff
version: ${version}
features:
  - { name: monthly_fee, type: number, minimum: 0, maximum: 500, required: true, tensor: x0, column: 0 }
  - { name: years, type: number, integer: true, coerce: true, tensor: x0, column: 1 }
  - { name: contract_code, type: category, pattern: "^[A-Z]{2}-\\\\d+$", maxLength: 8, tensor: x1, column: 0 }
  - { name: district, type: category, values: [north, south], nullable: false, tensor: x1, column: 1 }
  - { name: months, type: number, minimum: 1, default: 12, tensor: x2 }
  - { name: children, type: number, tensor: x3 }
  - { name: employed, type: boolean, coerce: true, tensor: x4 }
outputs: { score: { tensor: y0 } }
`;

/** Years go with a contract. */
export const tariffSchema = JSON.stringify({
  versions: '2.1.x',
  properties: { years: { type: 'integer', maximum: 80 }, months: { multipleOf: 3 } },
  dependentRequired: { contract_code: ['years'] },
});
