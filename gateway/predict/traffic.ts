import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { shown } from '@sluice/kernel/features/value';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Traffic } from '../core/call.ts';

/**
 * Whose request it is, as its metadata or header `sluice-synthetic` says.
 * @throws SluiceError MALFORMED_REQUEST
 */
export const trafficOf = ({ synthetic }: Pick<CallScope, 'synthetic'>): Traffic => {
  if (synthetic === '') return 'user';
  if (synthetic === 'true') return 'synthetic';
  if (synthetic === 'replay') return 'replay';
  throw new SluiceError(
    'MALFORMED_REQUEST',
    `sluice-synthetic: expected true or replay, got ${shown(synthetic)}`,
  );
};
