import { SluiceError } from '../errors/sluice-error.ts';

/** Parameters of an input or output that ask for what Sluice does not do. */
const foreign = ['classification', 'shared_memory_region'];

interface Asked {
  readonly name: string;
  readonly parameters: object;
}

/** UNIMPLEMENTED for the first such parameter: left out silently, the answer would be another than was asked for. */
export const foreignParameter = (
  tensors: readonly Asked[],
  side: 'inputs' | 'outputs',
): SluiceError | undefined => {
  for (const { name, parameters } of tensors) {
    const found = foreign.find((key) => key in parameters);
    if (found === undefined) continue;
    return new SluiceError('UNIMPLEMENTED', `${side}.${name}.parameters.${found}: Sluice does not do this`);
  }
  return undefined;
};
