import type { ModelInferRequest__Output } from '@sluice/protos/gen/inference/ModelInferRequest';
import { invalidInput, SluiceError, type Violation } from '../errors/sluice-error.ts';
import { isDatatype } from '../tensor/datatypes.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { hasContents, packContents } from './contents.ts';
import { declaredDatatype, declaredShape } from './declared-tensor.ts';
import { foreignParameter } from './foreign-parameters.ts';
import { checkParameters, plainParameters, type RequestParameters, requestParameters } from './parameters.ts';

/** An inference request of the Open Inference Protocol, whichever way it came. */
export interface InferRequest {
  readonly model: string;
  /** Empty: none was asked for. */
  readonly version: string;
  readonly id: string;
  readonly inputs: readonly Tensor[];
  /** Names of the wanted outputs; empty: all. */
  readonly outputs: readonly string[];
  readonly parameters: RequestParameters;
}

type WireInput = ModelInferRequest__Output['inputs'][number];

const dataOf = (input: WireInput, raw: Buffer | undefined, faults: Violation[]): Uint8Array => {
  if (raw !== undefined) return raw;
  if (!isDatatype(input.datatype) || !hasContents(input.contents)) return new Uint8Array();
  const packed = packContents(input.datatype, input.contents);
  if ('value' in packed) return packed.value;
  faults.push({ path: `inputs.${input.name}.contents`, rule: 'datatype', message: packed.error });
  return new Uint8Array();
};

const tensorOf = (input: WireInput, raw: Buffer | undefined, faults: Violation[]): Tensor | undefined => {
  const datatype = declaredDatatype(input, faults);
  if (datatype === undefined) return undefined;
  return {
    name: input.name,
    datatype,
    shape: declaredShape(input, faults),
    data: dataOf(input, raw, faults),
  };
};

/** Raw and typed contents exclude each other, and raw ones come for every input or for none. */
const checkRaw = ({ inputs, rawInputContents: raw }: ModelInferRequest__Output): void => {
  if (raw.length === 0) return;
  const typed = inputs.find((input) => hasContents(input.contents));
  if (typed !== undefined) {
    throw invalidInput([
      {
        path: `inputs.${typed.name}.contents`,
        rule: 'mixed',
        message: 'typed contents and raw_input_contents exclude each other',
      },
    ]);
  }
  if (raw.length !== inputs.length) {
    throw invalidInput([
      {
        path: 'raw_input_contents',
        rule: 'length',
        message: `expected ${inputs.length} for ${inputs.length} inputs, got ${raw.length}`,
      },
    ]);
  }
};

/**
 * Decodes the gRPC message.
 * @throws SluiceError MALFORMED_REQUEST without a model name, UNIMPLEMENTED for shared memory and
 *   classification, INVALID_INPUT with every fault.
 */
export const decodeRequest = (wire: ModelInferRequest__Output): InferRequest => {
  if (wire.modelName === '') throw new SluiceError('MALFORMED_REQUEST', 'model_name is empty');
  const strange = foreignParameter(wire.inputs, 'inputs') ?? foreignParameter(wire.outputs, 'outputs');
  if (strange !== undefined) throw strange;
  const plain = plainParameters(wire.parameters);
  const faults = checkParameters(plain);
  checkRaw(wire);
  const inputs: Tensor[] = [];
  for (const [index, input] of wire.inputs.entries()) {
    const tensor = tensorOf(input, wire.rawInputContents[index], faults);
    if (tensor !== undefined) inputs.push(tensor);
  }
  if (faults.length > 0) throw invalidInput(faults);
  return {
    model: wire.modelName,
    version: wire.modelVersion,
    id: wire.id,
    inputs,
    outputs: wire.outputs.map((output) => output.name),
    parameters: requestParameters(plain),
  };
};
