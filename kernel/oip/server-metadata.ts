import { sluiceVersion } from '../version.ts';

/** Answer of ServerMetadata. Only those extensions are listed that work. */
export const serverMetadata = {
  name: 'sluice',
  version: sluiceVersion,
  extensions: ['model_repository', 'model_configuration', 'binary_tensor_data', 'parameters', 'statistics'],
} as const;
