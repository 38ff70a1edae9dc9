import { posix } from 'node:path';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxSparseTensor, OnnxTensor } from './onnx-messages.ts';

const partsOf = ({ values, indices }: OnnxSparseTensor): OnnxTensor[] =>
  [values, indices].filter((tensor) => tensor !== undefined);

/** Tensors that nodes hold in their attributes, in the branches of If and the bodies of Loop and Scan too. */
const tensorsOfNodes = (nodes: readonly OnnxNode[]): OnnxTensor[] =>
  nodes
    .flatMap(({ attribute }) => attribute)
    .flatMap(({ t, g, tensors, graphs, sparseTensor, sparseTensors }) => [
      ...(t === undefined ? [] : [t]),
      ...tensors,
      ...[...sparseTensors, ...(sparseTensor === undefined ? [] : [sparseTensor])].flatMap(partsOf),
      ...[...graphs, ...(g === undefined ? [] : [g])].flatMap(tensorsOfGraph),
    ]);

const tensorsOfGraph = ({ initializer, sparseInitializer, node }: OnnxGraph): OnnxTensor[] => [
  ...initializer,
  ...sparseInitializer.flatMap(partsOf),
  ...tensorsOfNodes(node),
];

/** A plain file name. */
const isInside = (location: string): boolean =>
  location !== '' && location !== '.' && location !== '..' && posix.basename(location) === location;

const allTensors = ({ graph, functions }: OnnxModel): OnnxTensor[] => [
  ...tensorsOfGraph(graph),
  ...functions.flatMap(({ node }) => tensorsOfNodes(node)),
];

/** Names of the files beside a model in which its tensors keep their data. */
export const weightFiles = (model: OnnxModel): string[] => {
  const entries = allTensors(model).flatMap(({ externalData }) => externalData);
  return [...new Set(entries.flatMap(({ key, value = '' }) => (key === 'location' ? [value] : [])))];
};

/**
 * Refuses a model any of whose tensors keeps its data outside the folder of the model.
 * @throws Error naming the tensor and the place.
 */
export const refuseOutsideWeights = (model: OnnxModel): void => {
  for (const { name = '', externalData } of allTensors(model)) {
    // A key may be there twice, and then the last one counts: each of them has to be good.
    for (const { key, value = '' } of externalData) {
      if (key !== 'location' || isInside(value)) continue;
      throw new Error(
        `weights of ${name} lie at ${value}: external data must lie in the release's own folder`,
      );
    }
  }
};
