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

/**
 * Refuses a model any of whose tensors keeps its data outside the folder of the model.
 * @throws Error naming the tensor and the place.
 */
export const refuseOutsideWeights = ({ graph, functions }: OnnxModel): void => {
  const tensors = [...tensorsOfGraph(graph), ...functions.flatMap(({ node }) => tensorsOfNodes(node))];
  for (const { name = '', externalData } of tensors) {
    // A key may be there twice, and then the last one counts: each of them has to be good.
    for (const { key, value = '' } of externalData) {
      if (key !== 'location' || isInside(value)) continue;
      throw new Error(
        `weights of ${name} lie at ${value}: external data must lie in the release's own folder`,
      );
    }
  }
};
