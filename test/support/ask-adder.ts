import { toStruct } from '@sluice/kernel/features/struct';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { ModelStreamInferResponse__Output } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { PredictStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import { type Clients, unary } from './clients.ts';
import { adder } from './versioned.ts';

/** What a door says of itself in its answer: which release it was, what was added, what it warns of. */
export interface Told {
  readonly version: string;
  readonly added: number;
  readonly warnings: readonly string[];
}

/** The number asked with. */
const x = 1_000;
const versionPath = (selector: string): string =>
  selector === '' ? '' : `/versions/${encodeURIComponent(selector)}`;
const toldBy = (
  version: string,
  y: unknown,
  warning: readonly string[] | string | null | undefined,
): Told => ({
  version,
  added: Number(y) - x,
  warnings: typeof warning === 'string' ? [warning] : (warning ?? []),
});

const inferRequest = (selector: string) => ({
  modelName: adder,
  modelVersion: selector,
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }],
  rawInputContents: [Buffer.from(Float32Array.of(x).buffer)],
});
const toldByInfer = ({ modelVersion, rawOutputContents, parameters }: ModelInferResponse__Output): Told =>
  toldBy(modelVersion, rawOutputContents[0]?.readFloatLE(), parameters['sluice_warning']?.stringParam);

const predictRequest = (selector: string) => ({
  model: adder,
  version: selector,
  features: toStruct({ x: [x] }),
});
/** A list of one number is the number itself. */
const toldByPredict = ({ release, prediction, warnings }: PredictResponse__Output): Told =>
  toldBy(release?.version ?? '', prediction?.outputs?.fields?.['y']?.numberValue, warnings);

/** The first item that a stream answers. */
const first = async <Item>(stream: AsyncIterable<Item> & { end(): void }): Promise<Item> => {
  stream.end();
  for await (const item of stream) return item;
  throw new Error('the stream ended without an answer');
};

const post = async (url: string, body: object): Promise<{ response: Response; json: unknown }> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const json: unknown = await response.json();
  if (response.ok) return { response, json };
  const { message, error, code } = json as Partial<Record<string, string>>;
  throw new Error(`${response.status} ${code}: ${message ?? error}`);
};

export interface AdderDoors {
  readonly clients: Clients;
  /** http://host:port */
  readonly http: string;
}

/** `adder` by a selector, through each of the doors. @throws Error with the code where the answer is one */
export const askAdder = {
  Predict: async ({ clients }: AdderDoors, selector: string) =>
    toldByPredict(await unary((done) => clients.prediction.Predict(predictRequest(selector), done))),
  ModelInfer: async ({ clients }: AdderDoors, selector: string) =>
    toldByInfer(await unary((done) => clients.inference.ModelInfer(inferRequest(selector), done))),
  PredictStream: async ({ clients }: AdderDoors, selector: string) => {
    const stream = clients.prediction.PredictStream();
    stream.write({ predict: predictRequest(selector) });
    const { response, error } = await first<PredictStreamResponse__Output>(stream);
    if (response) return toldByPredict(response);
    throw new Error(`${error?.code}: ${error?.message}`);
  },
  ModelStreamInfer: async ({ clients }: AdderDoors, selector: string) => {
    const stream = clients.inference.ModelStreamInfer();
    stream.write(inferRequest(selector));
    const { inferResponse, errorMessage } = await first<ModelStreamInferResponse__Output>(stream);
    if (inferResponse && errorMessage === '') return toldByInfer(inferResponse);
    throw new Error(errorMessage);
  },
  '/v1': async ({ http }: AdderDoors, selector: string) => {
    const url = `${http}/v1/models/${adder}${versionPath(selector)}:predict`;
    const { response, json } = await post(url, { features: { x: [x] } });
    const { release, prediction } = json as {
      readonly release: { readonly version: string };
      readonly prediction: { readonly outputs: { readonly y: number } };
    };
    return toldBy(release.version, prediction.outputs.y, response.headers.get('sluice-warning'));
  },
  '/v2': async ({ http }: AdderDoors, selector: string) => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [x] }];
    const url = `${http}/v2/models/${adder}${versionPath(selector)}/infer`;
    const { response, json } = await post(url, { inputs });
    const { model_version: version, outputs } = json as {
      readonly model_version: string;
      readonly outputs: readonly { readonly data: readonly number[] }[];
    };
    return toldBy(version, outputs[0]?.data[0], response.headers.get('sluice-warning'));
  },
} as const satisfies Record<string, (doors: AdderDoors, selector: string) => Promise<Told>>;

export type AdderDoor = keyof typeof askAdder;
export const adderDoors = Object.keys(askAdder) as AdderDoor[];
