import { z } from 'zod';
import { askBytes, failureIn, isSuccess, parseBody, releasePath } from '../gateway-client.ts';
import type { HttpAnswer } from '../http-request.ts';
import type { PredictionRecord, RecordedTensor } from '../predictions/stored-prediction.ts';
import { type Outcome, outcomeOfRecord } from './outcome.ts';
import { type ReplayTarget, replayHeader } from './replay-target.ts';

/** Triton's binary form of the V2 door: JSON, and behind it the tensors' bytes. */
const lengthHeader = 'inference-header-content-length';

const answer = z.object({
  outputs: z
    .array(
      z.object({
        name: z.string(),
        datatype: z.string(),
        shape: z.array(z.number()),
        parameters: z.object({ binary_data_size: z.number() }),
      }),
    )
    .default([]),
});

const bodyOf = ({ input, entityId, predictionId }: PredictionRecord): { json: Buffer; whole: Buffer } => {
  const { tensors = [], outputs = [] } = input.tensors ?? {};
  const parts = tensors.map(({ raw }) => Buffer.from(raw, 'base64'));
  const request = {
    id: predictionId,
    parameters: { binary_data_output: true, ...(entityId !== '' && { entity_id: entityId }) },
    inputs: tensors.map(({ name, datatype, shape }, index) => ({
      name,
      datatype,
      shape,
      parameters: { binary_data_size: parts[index]?.byteLength ?? 0 },
    })),
    ...(outputs.length > 0 && { outputs: outputs.map((name) => ({ name })) }),
  };
  const json = Buffer.from(JSON.stringify(request));
  return { json, whole: Buffer.concat([json, ...parts]) };
};

const tensorsOf = ({ bytes, headers }: HttpAnswer): RecordedTensor[] => {
  let at = Number(headers[lengthHeader] ?? bytes.byteLength);
  const { outputs } = answer.parse(parseBody(bytes.toString('utf8', 0, at)));
  return outputs.map(({ name, datatype, shape, parameters }) => {
    const end = at + parameters.binary_data_size;
    const raw = bytes.toString('base64', at, end);
    at = end;
    return { name, datatype, shape, raw };
  });
};

/**
 * Sends recorded tensors to another release, bit by bit as they were.
 * @throws CommandFailure with the gateway's code, or UNREACHABLE or TIMEOUT
 */
export const inferAgain = async (target: ReplayTarget, record: PredictionRecord): Promise<Outcome> => {
  const { json, whole } = bodyOf(record);
  const headers = {
    'content-type': 'application/octet-stream',
    [lengthHeader]: String(json.byteLength),
    ...replayHeader,
  };
  const path = `${releasePath('v2', target.model, target.release)}/infer`;
  const answered = await askBytes(target.gateway, 'POST', path, { body: whole, headers });
  if (!isSuccess(answered))
    throw failureIn({ status: answered.status, body: parseBody(answered.bytes.toString('utf8')) });
  return outcomeOfRecord({ tensors: { tensors: tensorsOf(answered), outputs: [] } });
};
