import type {
  OnnxAttribute,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxOpset,
  OnnxSparseTensor,
  OnnxTensor,
} from './onnx-messages.ts';

/** All nodes and tensors of a model, wherever they are: branches of If, bodies of Loop and Scan, functions. */
export interface OnnxParts {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly sparse: readonly OnnxSparseTensor[];
  readonly opsets: readonly OnnxOpset[];
}

interface Found {
  readonly nodes: OnnxNode[];
  readonly tensors: OnnxTensor[];
  readonly sparse: OnnxSparseTensor[];
}

const addSparse = (sparse: OnnxSparseTensor, found: Found): void => {
  found.sparse.push(sparse);
  for (const part of [sparse.values, sparse.indices]) if (part !== undefined) found.tensors.push(part);
};

const addAttribute = (attribute: OnnxAttribute, found: Found): void => {
  const { t, g, tensors, graphs, sparseTensor, sparseTensors } = attribute;
  for (const tensor of t === undefined ? tensors : [t, ...tensors]) found.tensors.push(tensor);
  for (const graph of g === undefined ? graphs : [g, ...graphs]) addGraph(graph, found);
  for (const sparse of sparseTensor === undefined ? sparseTensors : [sparseTensor, ...sparseTensors])
    addSparse(sparse, found);
};

const addNodes = (nodes: readonly OnnxNode[], found: Found): void => {
  for (const node of nodes) {
    found.nodes.push(node);
    for (const attribute of node.attribute) addAttribute(attribute, found);
  }
};

const addGraph = (graph: OnnxGraph, found: Found): void => {
  for (const tensor of graph.initializer) found.tensors.push(tensor);
  for (const sparse of graph.sparseInitializer) addSparse(sparse, found);
  addNodes(graph.node, found);
};

export const partsOf = ({ graph, functions, opsetImport }: OnnxModel): OnnxParts => {
  const found: Found = { nodes: [], tensors: [], sparse: [] };
  addGraph(graph, found);
  for (const { node } of functions) addNodes(node, found);
  return { ...found, opsets: [...opsetImport, ...functions.flatMap((each) => each.opsetImport)] };
};
