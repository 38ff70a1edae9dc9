import { isCode } from '@sluice/kernel/errors/codes';
import { prediction } from '../answers.ts';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { call, releasePath } from '../gateway-client.ts';
import { patiently } from '../patiently.ts';
import type { PredictionRecord } from '../predictions/stored-prediction.ts';
import { inferAgain } from './infer-again.ts';
import { type Outcome, outcomeOfRecord } from './outcome.ts';
import { type ReplayTarget, replayHeader } from './replay-target.ts';

const predictAgain = async (target: ReplayTarget, record: PredictionRecord): Promise<Outcome> => {
  const { gateway, model, release } = target;
  const { entityId, parameters, input, predictionId } = record;
  const body = {
    features: input.features,
    entityId,
    requestId: predictionId,
    ...(parameters && { parameters }),
  };
  const path = `${releasePath('v1', model, release)}:predict`;
  return outcomeOfRecord(prediction.parse(await call(gateway, 'POST', path, body, replayHeader)));
};

/** Rules of releases have codes of their own; on the V2 door a refusal looks like an error. */
const outcomeOfFailure = (error: unknown): Outcome => {
  if (!(error instanceof CommandFailure) || error.exitCode === exitCodes.unreachable) throw error;
  const { code, message } = error;
  const isRefusal = !isCode(code) && !code.startsWith('HTTP_');
  return isRefusal ? { kind: 'refusal', code, message } : { kind: 'failure', code, message };
};

/**
 * Sends the input of a record to another release.
 * @throws CommandFailure UNREACHABLE or TIMEOUT
 */
export const sendAgain = (target: ReplayTarget, record: PredictionRecord): Promise<Outcome> => {
  const ask = record.input.tensors === undefined ? predictAgain : inferAgain;
  return patiently(() => ask(target, record)).catch(outcomeOfFailure);
};
