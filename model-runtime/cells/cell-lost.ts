import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';

/** For a request whose cell ended before it answered; an empty reason: it crashed. */
export const cellLost = ({ model, version }: ReleaseName, reason: string): SluiceError =>
  new SluiceError(
    'RUNTIME_LOST',
    `the cell of ${model} ${version} ended before its answer: ${reason || 'it crashed'}`,
  );
