import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import type { InferResponse } from '@sluice/kernel/oip/encode-response';
import { type JsonScalar, unpackValues } from '@sluice/kernel/tensor/json-values';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { exactInteger } from '../http/exact-json.ts';
import { type HttpAnswer, jsonAnswer } from '../http/http-answer.ts';
import { octets } from '../http/media.ts';
import { warningHeader } from '../http/warning-header.ts';

const exact = (value: JsonScalar): unknown => (typeof value === 'bigint' ? exactInteger(value) : value);

const valuesOf = ({ name, datatype, data }: Tensor): unknown[] => {
  const values = unpackValues(datatype, data);
  if ('error' in values)
    throw invalidInput([{ path: `outputs.${name}`, rule: 'data', message: values.error }]);
  const { value } = values;
  return datatype === 'INT64' || datatype === 'UINT64' ? value.map(exact) : value;
};

const outputOf = (tensor: Tensor, binary: boolean) => {
  const { name, datatype, shape, data } = tensor;
  return binary
    ? { name, datatype, shape, parameters: { binary_data_size: data.byteLength } }
    : { name, datatype, shape, data: valuesOf(tensor) };
};

const predictionHeaders = ({ parameters }: InferResponse): Record<string, string> => {
  const { sluice_prediction_id: id, sluice_warning: warning } = parameters as Partial<Record<string, string>>;
  return {
    ...(id !== undefined && { 'sluice-prediction-id': id }),
    ...(warning !== undefined && warningHeader([warning])),
  };
};

/**
 * Triton's form of an answer: JSON, and behind it the data of those outputs that go as binary.
 * @throws SluiceError INVALID_INPUT for an output that has no JSON form and was not asked for as binary
 */
export const encodeInfer = (response: InferResponse, binary: (output: string) => boolean): HttpAnswer => {
  const { id, model, version, parameters, outputs } = response;
  const answer = jsonAnswer(
    {
      ...(id === '' ? {} : { id }),
      model_name: model,
      model_version: version,
      parameters,
      outputs: outputs.map((tensor) => outputOf(tensor, binary(tensor.name))),
    },
    predictionHeaders(response),
  );
  const parts = outputs.filter(({ name }) => binary(name)).map(({ data }) => data);
  if (parts.length === 0) return answer;
  const json = Buffer.from(answer.body);
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      'content-type': octets,
      'inference-header-content-length': String(json.byteLength),
    },
    body: Buffer.concat([json, ...parts]),
  };
};
