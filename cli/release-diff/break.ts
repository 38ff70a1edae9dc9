/** Something that a caller who is content with one release meets when the other one answers. */
export interface Break {
  /** Who meets it: those who send features, or those who send tensors. */
  readonly callers: 'features' | 'tensors';
  /** The path of what changed, as `factsOf` has it. */
  readonly path: string;
  readonly message: string;
}

export const forFeatures = (path: string, message: string): Break => ({ callers: 'features', path, message });
export const forTensors = (path: string, message: string): Break => ({ callers: 'tensors', path, message });
