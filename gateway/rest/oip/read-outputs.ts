import type { ParameterValue } from '@sluice/kernel/oip/parameters';
import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';
import type { JsonOutput } from './infer-schema.ts';

/** Which outputs are wanted, and which of them as binary. */
export interface WantedOutputs {
  /** Empty: all. */
  readonly names: readonly string[];
  readonly binary: (name: string) => boolean;
}

const readFlag = (value: ParameterValue | undefined, path: string): Parsed<boolean | undefined> =>
  value === undefined || typeof value === 'boolean'
    ? { value }
    : { error: `${path}: expected true or false, got ${JSON.stringify(value)}` };

/** The wanted outputs; `binary_data` of an output wins over `binary_data_output` of the request. */
export const readOutputs = (
  outputs: readonly JsonOutput[],
  parameters: Readonly<Record<string, ParameterValue>>,
): Parsed<WantedOutputs> => {
  const ofRequest = readFlag(parameters['binary_data_output'], 'parameters.binary_data_output');
  if ('error' in ofRequest) return ofRequest;
  const otherwise = ofRequest.value ?? false;
  const chosen = new Map<string, boolean>();
  for (const { name, parameters: own } of outputs) {
    const flag = readFlag(own['binary_data'], `outputs.${name}.parameters.binary_data`);
    if ('error' in flag) return flag;
    chosen.set(name, flag.value ?? otherwise);
  }
  return {
    value: { names: outputs.map(({ name }) => name), binary: (name) => chosen.get(name) ?? otherwise },
  };
};
