import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Datatype, datatypes, isDatatype } from '@sluice/kernel/tensor/datatypes';
import { failingModel, identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';
import { repository } from '../support/process.ts';
import { type TemporaryStore, temporaryStore } from '../support/store.ts';

/** onnxruntime-node does not carry BF16. */
const served = Object.keys(datatypes)
  .filter(isDatatype)
  .filter((datatype) => datatype !== 'BF16');

/** One model for each datatype, and for each one that takes a scalar. */
const identities = Object.fromEntries(
  served.flatMap((datatype: Datatype) => [
    [`identity_${datatype.toLowerCase()}/1/model.onnx`, identityModel([{ datatype, shape: ['N', 'M'] }])],
    [`scalar_${datatype.toLowerCase()}/1/model.onnx`, identityModel([{ datatype, shape: [] }])],
  ]),
);

/** x → y through one operator, so that an answer tells which version computed it. */
const unaryModel = (op: string): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2] }],
    nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
  });

/** Matrix products one after the other: about a second for 640 × 640, next to nothing for 1 × 1. */
const slowModel = (steps = 60): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 'N'] }],
    outputs: [{ name: `y${steps}`, datatype: 'FP32', shape: ['N', 'N'] }],
    nodes: Array.from({ length: steps }, (_, step) => ({
      op: 'MatMul',
      inputs: ['x', step === 0 ? 'x' : `y${step}`],
      outputs: [`y${step + 1}`],
    })),
  });

const several = identityModel([
  { datatype: 'FP32', shape: ['N', 2] },
  { datatype: 'INT64', shape: ['N'] },
  { datatype: 'BYTES', shape: ['N', 'K'] },
  { datatype: 'BOOL', shape: ['N', 3] },
]);
const vector = identityModel([{ datatype: 'FP32', shape: ['N', 3] }]);
const unbatched = 'max_batch_size: 0';

/** The releases that the Python scripts know by name. */
const releases: Readonly<Record<string, Uint8Array | string>> = {
  ...identities,
  'several/1/model.onnx': several,
  'fixed/1/model.onnx': identityModel([{ datatype: 'FP32', shape: [2, 3] }]),
  'batched/1/model.onnx': vector,
  'batched/config.pbtxt': 'name: "batched"\nmax_batch_size: 8',
  'stepped/1/model.onnx': unaryModel('Identity'),
  'stepped/2/model.onnx': unaryModel('Neg'),
  'stepped/3.0.0-rc.1/model.onnx': unaryModel('Abs'),
  'pinned/1/model.onnx': unaryModel('Identity'),
  'pinned/2/model.onnx': unaryModel('Neg'),
  'guarded/1/model.onnx': unaryModel('Identity'),
  'guarded/2/model.onnx': unaryModel('Neg'),
  'half_broken/1/model.onnx': unaryModel('Identity'),
  'half_broken/2/model.onnx': 'this is no ONNX file',
  'switched/1/model.onnx': unaryModel('Neg'),
  'counted/1/model.onnx': vector,
  'failing/1/model.onnx': failingModel(),
  'slow/1/model.onnx': slowModel(),
  'slow/config.pbtxt': unbatched,
};

/** The next one after those of the example models, whose content it keeps. */
const revision = `revision: 3
when: 2026-11-22T02:00:00Z
models:
  churn: { default: champion, aliases: { champion: 1.1.0 } }
  pinned: { default: 1.0.0 }
  guarded: { blocked: [{ version: 1.0.0, reason: wrong currency }] }
`;

/** The example models beside those above, in a folder of their own. */
export const conformanceStore = async (): Promise<TemporaryStore> => {
  const store = await temporaryStore({ ...releases, '_revisions/000003.yaml': revision });
  await cp(join(repository, 'models/store'), store.folder, { recursive: true });
  return store;
};
