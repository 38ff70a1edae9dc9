import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import type { ReleaseHolder } from '../releases/holder.ts';
import { plainBackend } from './backend.ts';

/** Loading and unloading are for the runtime, which knows all of its cells. */
const forRuntime = async (): Promise<never> => {
  throw new SluiceError('UNIMPLEMENTED', 'a cell holds one release for its life; ask its runtime');
};

/** The plain protocol of a cell. */
export const cellBackend = (holder: ReleaseHolder): InferenceBackend => ({
  ...plainBackend(holder),
  load: forRuntime,
  unload: forRuntime,
});
