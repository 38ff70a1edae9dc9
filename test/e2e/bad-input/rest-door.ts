import type { FeatureRequest, InputSpec, Outcome, SendRequest, TensorRequest, Violated } from './row.ts';

/** A body with its headers. */
export interface Body {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const json = 'application/json';

const jsonInput = ({ name, datatype, shape, values, raw }: InputSpec) => ({
  name,
  datatype,
  shape,
  ...(values === undefined ? {} : { data: values }),
  ...(raw === undefined ? {} : { parameters: { binary_data_size: raw.byteLength } }),
});

/** JSON, or JSON with the binary parts behind it. */
export const inferBody = ({ inputs, outputs, parameters }: TensorRequest): Body => {
  const header = Buffer.from(
    JSON.stringify({
      id: 'one',
      inputs: inputs.map(jsonInput),
      ...(outputs === undefined ? {} : { outputs: outputs.map((name) => ({ name })) }),
      ...(parameters === undefined ? {} : { parameters }),
    }),
  );
  const parts = inputs.flatMap(({ raw }) => (raw === undefined ? [] : [raw]));
  if (parts.length === 0) return { body: header.toString(), headers: { 'content-type': json } };
  return {
    body: new Uint8Array(Buffer.concat([header, ...parts])),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(header.byteLength),
    },
  };
};

const predictBody = ({ features, parameters }: FeatureRequest): Body => ({
  body: JSON.stringify({ features, ...(parameters === undefined ? {} : { parameters }), requestId: 'one' }),
  headers: { 'content-type': json },
});

interface Reply {
  readonly code?: string;
  /** On /v1. */
  readonly message?: string;
  readonly violations?: readonly Violated[];
  /** On /v2. */
  readonly error?: string;
  readonly outputs?: readonly { readonly name: string }[];
  readonly prediction?: { readonly outputs: Readonly<Record<string, unknown>> };
}

const answeredNames = ({ outputs, prediction }: Reply): readonly string[] =>
  outputs?.map(({ name }) => name) ?? Object.keys(prediction?.outputs ?? {});

/** Posts a body; whatever comes back must be JSON. */
export const post = async (
  base: string,
  path: string,
  { body, headers }: Body,
  signal: AbortSignal | null = null,
): Promise<Outcome> => {
  const response = await fetch(`${base}${path}`, { method: 'POST', body, headers, signal });
  const reply = (await response.json()) as Reply;
  if (response.ok) return { answered: answeredNames(reply) };
  const { code = '', message, error, violations = [] } = reply;
  const onV2 = path.startsWith('/v2');
  const retryAfter = response.headers.get('retry-after') ?? '0';
  return {
    refused: {
      status: response.status,
      code,
      message: (onV2 ? error : message) ?? '',
      violations: onV2 ? undefined : violations,
      retryAfterMs: Number(retryAfter) * 1000,
    },
  };
};

const versioned = (model: string, version: string | undefined): string =>
  `models/${model}${version === undefined ? '' : `/versions/${version}`}`;

export const pathOf = (request: Parameters<SendRequest>[0]): string =>
  'infer' in request
    ? `/v2/${versioned(request.infer.model, request.infer.version)}/infer`
    : `/v1/${versioned(request.predict.model, request.predict.version)}:predict`;

export const bodyOf = (request: Parameters<SendRequest>[0]): Body =>
  'infer' in request ? inferBody(request.infer) : predictBody(request.predict);

/** POST /v2 …/infer and /v1 …:predict. */
export const restDoor =
  (base: string): SendRequest =>
  (request) =>
    post(base, pathOf(request), bodyOf(request));
