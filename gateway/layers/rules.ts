import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import { rowsOf } from '@sluice/kernel/features/decode-features';
import type { Features } from '@sluice/kernel/features/value';
import { firstRefusal } from '@sluice/kernel/rules/first-refusal';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Computed, Judged, ResolvedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

/** Steps of all rows of a request: less than a tenth of a second. */
const maxSteps = 1_000_000;

/** @throws SluiceError INVALID_INPUT where the rules would take too long for so many rows */
const decode = ({ served: { release, rules } }: ResolvedCall, tensors: readonly Tensor[]): Features[] => {
  const rows = rowsOf(release.signature, tensors);
  const most = Math.max(1, Math.floor(maxSteps / Math.max(1, rules.steps)));
  if (rows <= most) return rules.decode(tensors);
  const message = `expected at most ${most} rows, which the rules of the release can judge at once, got ${rows}`;
  throw invalidInput([{ path: 'inputs', rule: 'shape', message }]);
};

/** The call as it goes on, and what rules know of each of its rows. */
const known = (call: ResolvedCall): { readonly rows: readonly Features[]; readonly inner: ResolvedCall } => {
  const { rules } = call.served;
  const { input } = call;
  if (input.kind === 'features') {
    const features = rules.derive(input.features);
    return { rows: [features], inner: { ...call, input: { kind: 'features', features } } };
  }
  if (!rules.judgesInput && !rules.judgesOutput) return { rows: [], inner: call };
  const rows = decode(call, input.tensors);
  // Rules may be about outputs that the caller does not want.
  const outputs = rules.judgesOutput ? [] : input.outputs;
  return { rows, inner: { ...call, input: { ...input, outputs } } };
};

/**
 * Derives features, and asks the release's rules about the input. Of tensors they see what the manifest maps to
 * features, each row on its own: there is no way around them.
 */
export const rules = (): Layer<ResolvedCall, Judged, ResolvedCall, Computed> => {
  return (next) => {
    const judged = async (call: ResolvedCall): Promise<Judged> => {
      const { judgesOutput, judgeInput } = call.served.rules;
      const { rows, inner } = known(call);
      const refusal = firstRefusal(rows, (row) => judgeInput(row, call.parameters));
      if (refusal !== undefined) return { refusal };
      const computed = await next(inner);
      return judgesOutput ? { ...computed, rows } : computed;
    };
    return (call) => {
      const { hasDerived, judgesInput, judgesOutput } = call.served.rules;
      return hasDerived || judgesInput || judgesOutput ? judged(call) : next(call);
    };
  };
};
