import { toStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import { bytesOf } from '@sluice/kernel/tensor/numbers';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { PredictRequest } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import { type Clients, unary } from '../../support/clients.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { throughStream } from '../bad-input/stream-door.ts';
import { asking } from '../rest/ask.ts';

/** What a door said of a refusal, as it says it: a status where it has one. */
export interface Said {
  readonly code: string;
  readonly message: string;
  readonly status?: number | undefined;
}
/** undefined: it was answered. */
type AskDoor<Asked> = (asked: Asked) => Promise<Said | undefined>;

const predictOf = (features: Features): PredictRequest => ({ model: 'quote', features: toStruct(features) });

interface Answered {
  readonly refusal?: { readonly code: string; readonly message: string } | null;
}
const saidIn = ({ refusal }: Answered): Said | undefined =>
  refusal ? { code: refusal.code, message: refusal.message } : undefined;

/** The doors that are asked with features. */
export const featureDoors = (
  { prediction }: Clients,
  http: string,
): Readonly<Record<string, AskDoor<Features>>> => ({
  Predict: async (features) =>
    saidIn((await unary((done) => prediction.Predict(predictOf(features), done))) as Answered),
  PredictStream: async (features) => {
    const [answer] = await throughStream(prediction.PredictStream(), [{ predict: predictOf(features) }]);
    return saidIn(answer?.response as Answered);
  },
  'REST /v1': async (features) => {
    const reply = await asking(http)('POST', '/v1/models/quote:predict', { features });
    const said = saidIn(reply.json as Answered);
    return said && { ...said, status: reply.status };
  },
});

/** Rows of `quote`: power, age, ratio; NaN: missing. */
export interface Rows {
  readonly vehicles: readonly string[];
  readonly numbers: readonly (readonly [number, number, number])[];
  readonly high?: number;
  readonly outputs?: readonly string[];
}

export const inferOf = ({ vehicles, numbers, high = 20, outputs = [] }: Rows): ModelInferRequest => {
  const rows = vehicles.length;
  const column = (value: number) => Buffer.from(bytesOf(new Float32Array(rows).fill(value)));
  return {
    modelName: 'quote',
    inputs: [
      { name: 'x0', datatype: 'FP32', shape: [rows, 3] },
      { name: 'x1', datatype: 'BYTES', shape: [rows, 1] },
      { name: 'x2', datatype: 'FP32', shape: [rows, 1] },
      { name: 'x3', datatype: 'FP32', shape: [rows, 1] },
    ],
    outputs: outputs.map((name) => ({ name })),
    rawInputContents: [
      Buffer.from(bytesOf(Float32Array.from(numbers.flat()))),
      Buffer.from(bytesOfStrings(vehicles)),
      column(10),
      column(high),
    ],
  };
};

const restInputs = ({ vehicles, numbers, high = 20 }: Rows) => {
  const rows = vehicles.length;
  const f32 = (name: string, data: readonly (number | string)[], columns = 1) => ({
    name,
    datatype: 'FP32',
    shape: [rows, columns],
    data,
  });
  return [
    f32(
      'x0',
      numbers.flat().map((value) => (Number.isNaN(value) ? 'NaN' : value)),
      3,
    ),
    { name: 'x1', datatype: 'BYTES', shape: [rows, 1], data: vehicles },
    f32(
      'x2',
      vehicles.map(() => 10),
    ),
    f32(
      'x3',
      vehicles.map(() => high),
    ),
  ];
};

/** The doors that are asked with tensors, where a refusal is an error with the rule's code. */
export const tensorDoors = (
  { inference }: Clients,
  http: string,
): Readonly<Record<string, AskDoor<Rows>>> => ({
  ModelInfer: async (rows) => {
    try {
      await unary((done) => inference.ModelInfer(inferOf(rows), done));
      return undefined;
    } catch (thrown) {
      const { code, message, status } = refusalOf(thrown);
      return { code, message, status };
    }
  },
  ModelStreamInfer: async (rows) => {
    const [answer] = await throughStream(inference.ModelStreamInfer(), [inferOf(rows)]);
    const [, code = '', message = ''] = /^(\w+): (.*)$/.exec(answer?.errorMessage ?? '') ?? [];
    return code === '' ? undefined : { code, message };
  },
  'REST /v2': async (rows) => {
    const { status, json } = await asking(http)('POST', '/v2/models/quote/infer', {
      inputs: restInputs(rows),
    });
    const { code, error } = json as { readonly code?: string; readonly error?: string };
    return code === undefined ? undefined : { code, message: error ?? '', status };
  },
});
