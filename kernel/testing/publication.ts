import { digestOf, sha256 } from '../release/digest.ts';

/** The text of the publication of a release that is its graph alone. */
export const publicationOf = (graph: Uint8Array): string => {
  const digest = digestOf([{ path: 'model.onnx', size: graph.byteLength, sha256: sha256(graph) }]);
  return JSON.stringify({ digest, by: 'ada', at: '2026-11-21T09:00:00.000Z', from: 'lab' });
};
