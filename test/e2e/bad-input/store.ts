import { identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';
import { type TemporaryStore, temporaryStore } from '../../support/store.ts';
import {
  loanManifest,
  loanModel,
  pairModel,
  slowManifest,
  slowModel,
  tariffManifest,
  tariffSchema,
} from './models.ts';

/** A revision file; the models are YAML in flow style. */
export const revisionText = (number: number, models: string): string =>
  `revision: ${number}\nwhen: '2026-01-01T00:00:00Z'\nwho: test\nmodels: ${models}\n`;

/** Reads well and is refused by ONNX Runtime. */
const strangeModel = (): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    nodes: [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }],
  });

const truncated = (model: Uint8Array): Uint8Array => model.subarray(0, model.byteLength >> 1);

/** Releases to be asked wrongly, broken ones beside good ones, and a revision that blocks one. */
export const badInputStore = (): Promise<TemporaryStore> =>
  temporaryStore({
    'pair/1/model.onnx': pairModel(),
    'half/1/model.onnx': identityModel([{ datatype: 'FP16', shape: ['N', 2] }]),
    'long/1/model.onnx': identityModel([{ datatype: 'INT64', shape: [9000] }]),
    'text/1/model.onnx': identityModel([{ datatype: 'BYTES', shape: ['N'] }]),
    'loan/1.0.0/model.onnx': loanModel(),
    'loan/1.0.0/sluice.yaml': loanManifest('1.0.0'),
    'loan/1.1.0/model.onnx': loanModel(),
    'loan/1.1.0/sluice.yaml': loanManifest('1.1.0'),
    'slow/1.0.0/model.onnx': slowModel(),
    'slow/1.0.0/sluice.yaml': slowManifest,
    'tariff/2.1.3/model.onnx': loanModel(),
    'tariff/2.1.3/sluice.yaml': tariffManifest('2.1.3'),
    'tariff/3.0.0/model.onnx': loanModel(),
    'tariff/3.0.0/sluice.yaml': tariffManifest('3.0.0'),
    'tariff/3.0.0/schema.json': '{"required": ["anual_fee"]}',
    'tariff/schemas/2.1.json': tariffSchema,
    'mixed/1/model.onnx': pairModel(),
    'mixed/2/model.onnx': truncated(pairModel()),
    'strange/1/model.onnx': strangeModel(),
    '_revisions/000001.yaml': revisionText(
      1,
      '{ loan: { default: 1.0.0, blocked: [{ version: 1.1.0, reason: wrong currency }] }, tariff: { default: 2.1.3 } }',
    ),
  });
