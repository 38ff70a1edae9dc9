import { onnxModel } from '@sluice/kernel/testing/onnx-model';

/** Answers `y`, which is `x` and a number more: the answer itself says which release has computed it. */
const addingModel = (more: number): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    constants: [
      { name: 'more', datatype: 'FP32', shape: [1], data: new Uint8Array(Float32Array.of(more).buffer) },
    ],
    nodes: [{ op: 'Add', inputs: ['x', 'more'], outputs: ['y'] }],
  });

/** The model's name. */
export const adder = 'adder';

/** What a version adds: 1.2.3 adds 123, a pre-release as much as its release. */
export const addedBy = (version: string): number => Number(version.replace(/-.*/, '').replaceAll('.', ''));

/** Releases of `adder`, as files of a store. */
export const adders = (...versions: readonly string[]): Record<string, Uint8Array> =>
  Object.fromEntries(
    versions.map((version) => [`${adder}/${version}/model.onnx`, addingModel(addedBy(version))]),
  );
