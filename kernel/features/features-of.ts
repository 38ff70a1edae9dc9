import type { Feature } from '../release/manifest-features.ts';
import type { Release } from '../release/release.ts';

/**
 * The features that a release is asked with: those of its manifest, else one of type tensor for each
 * input of the graph.
 */
export const featuresOf = ({
  manifest,
  signature,
}: Pick<Release, 'manifest' | 'signature'>): readonly Feature[] =>
  manifest !== undefined && manifest.features.length > 0
    ? manifest.features
    : signature.inputs.map(({ name }) => ({ type: 'tensor', name, tensor: name, column: 0, required: true }));
