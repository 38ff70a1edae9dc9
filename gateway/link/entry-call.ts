import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import { type Features, shown } from '@sluice/kernel/features/value';
import { verdictOn } from '@sluice/kernel/link/verdict';
import { predictionTimeMs } from '@sluice/kernel/records/prediction-time';
import type { SpoolEntry } from '@sluice/kernel/spool/spool';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Binding__Output } from '@sluice/protos/gen/sluice/gateway/v1/Binding';
import type { ScoreEntry__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { Call } from '../core/call.ts';
import { predictParameters } from '../predict/parameters.ts';

/** Who went away comes again with what was under way, or somebody else does. */
const wentAway = ({ code }: SluiceError): boolean => code === 'CANCELLED';
/** After the last attempt only what does not count as one is tried again. */
const comesAgain = (error: SluiceError): boolean =>
  wentAway(error) || ['away', 'stream'].includes(verdictOn(error));
const mayPass = (error: SluiceError): boolean => verdictOn(error) !== 'never';

export interface EntryParts {
  readonly binding: Binding__Output;
  readonly scope: CallScope;
  readonly features: Features;
  readonly returnRecord: (record: SpoolEntry) => void;
}

/**
 * An entry of a link as a call. All attempts to score one event have its prediction id: one that may be repeated is not
 * recorded when it fails.
 * @throws SluiceError MALFORMED_REQUEST for a prediction id that is none, INVALID_INPUT for parameters of the wrong type
 */
export const callOfEntry = (entry: ScoreEntry__Output, parts: EntryParts): Call => {
  const { binding, scope, features, returnRecord } = parts;
  if (predictionTimeMs(entry.predictionId) === undefined)
    throw new SluiceError(
      'MALFORMED_REQUEST',
      `prediction_id: expected a UUIDv7, got ${shown(entry.predictionId)}`,
    );
  const sentParameters = entry.parameters === null ? undefined : fromStruct(entry.parameters);
  const { priority, timeoutUs } = predictParameters(sentParameters ?? {});
  return {
    scope,
    predictionId: entry.predictionId,
    model: binding.model,
    version: binding.version,
    requestId: entry.requestId,
    entityId: entry.entityId || undefined,
    priority: priority || binding.priority,
    timeoutUs,
    traffic: binding.replay ? 'replay' : 'user',
    sentParameters,
    input: { kind: 'features', features },
    returnRecord: binding.returnsRecord ? returnRecord : undefined,
    isRetried: entry.isLast ? comesAgain : mayPass,
  };
};
