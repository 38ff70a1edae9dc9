import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Binding__Output } from '@sluice/protos/gen/sluice/gateway/v1/Binding';

/** Bindings of one link, at most: numbers above are not kept. */
export const maxBindings = 65_536;

/** What a scorer has declared of its streams over one link. */
export const bindings = () => {
  const declared = new Map<number, Binding__Output>();
  return {
    declare: (binding: Binding__Output): void => {
      if (binding.id >= 1 && binding.id <= maxBindings) declared.set(binding.id, binding);
    },
    /** @throws SluiceError MALFORMED_REQUEST */
    of: (id: number): Binding__Output => {
      const found = declared.get(id);
      if (found === undefined)
        throw new SluiceError(
          'MALFORMED_REQUEST',
          `binding ${id} was not declared on this link; there may be bindings 1 to ${maxBindings}`,
        );
      if (found.model === '') throw new SluiceError('MALFORMED_REQUEST', `model of binding ${id} is empty`);
      return found;
    },
  };
};
