import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferRequest } from '@sluice/kernel/oip/decode-request';
import { foreignParameter } from '@sluice/kernel/oip/foreign-parameters';
import { checkParameters, requestParameters } from '@sluice/kernel/oip/parameters';
import { readJson } from '../http/body.ts';
import { inferSchema, pathText } from './infer-schema.ts';
import { readInputs } from './read-inputs.ts';
import { readOutputs, type WantedOutputs } from './read-outputs.ts';
import { splitBody } from './split-body.ts';

/** An inference request without model and version, which are in the path. */
export interface ParsedInfer {
  readonly request: Omit<InferRequest, 'model' | 'version'>;
  readonly wanted: WantedOutputs;
}

type Result<T> = { readonly value: T } | { readonly error: SluiceError };

const malformed = (message: string): { error: SluiceError } => ({
  error: new SluiceError('MALFORMED_REQUEST', message),
});

const read = (json: unknown, binary: Uint8Array): Result<ParsedInfer> => {
  const body = inferSchema.safeParse(json);
  if (!body.success) {
    const faults = body.error.issues.map(
      ({ path, message }) => `${pathText(path) || 'the body'}: ${message}`,
    );
    return malformed(faults.join('; '));
  }
  const { id, parameters, inputs, outputs } = body.data;
  const strange = foreignParameter(inputs, 'inputs') ?? foreignParameter(outputs, 'outputs');
  if (strange !== undefined) return { error: strange };
  const wanted = readOutputs(outputs, parameters);
  if ('error' in wanted) return malformed(wanted.error);
  const tensors = readInputs(inputs, binary);
  if ('error' in tensors) return malformed(tensors.error);
  const faults = [...checkParameters(parameters), ...tensors.value.faults];
  if (faults.length > 0) return { error: invalidInput(faults) };
  const request = {
    id,
    inputs: tensors.value.tensors,
    outputs: wanted.value.names,
    parameters: requestParameters(parameters),
  };
  return { value: { request, wanted: wanted.value } };
};

/**
 * Reads the body of an inference request, JSON with or without a binary part. The error is
 * MALFORMED_REQUEST, UNIMPLEMENTED, or INVALID_INPUT with every fault of the inputs.
 */
export const parseInfer = (body: Uint8Array, headerLength: string): Result<ParsedInfer> => {
  const split = splitBody(body, headerLength);
  if ('error' in split) return malformed(split.error);
  const json = readJson(split.value.json);
  if ('error' in json) return malformed(json.error);
  return read(json.value, split.value.binary);
};
