import { firstRefusal } from '@sluice/kernel/rules/first-refusal';
import type { Refusal } from '@sluice/kernel/rules/judge';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Answer, Judged, Outcome, ResolvedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

const refused = (refusal: Refusal): Pick<Answer, 'outcome' | 'tensors'> => ({
  outcome: { kind: 'refusal', ...refusal },
  tensors: [],
});

/** Those that the caller asked for: rules may have needed more. */
const wanted = ({ input }: ResolvedCall, tensors: readonly Tensor[]): readonly Tensor[] => {
  if (input.kind === 'features' || input.outputs.length === 0) return tensors;
  return input.outputs.flatMap((name) => tensors.filter((tensor) => tensor.name === name));
};

/** What a request comes to: names for outputs, where the caller asked with features, and rules about them. */
const conclude = (call: ResolvedCall, judged: Judged): Pick<Answer, 'outcome' | 'tensors'> => {
  if ('refusal' in judged) return refused(judged.refusal);
  const { outputs, rows } = judged;
  const { rules, nameRows } = call.served;
  const isNamed = call.input.kind === 'features';
  if (!isNamed && rows === undefined)
    return { outcome: { kind: 'prediction', named: undefined }, tensors: outputs };
  const nameRow = nameRows(outputs, call.parameters);
  const refusal =
    rows && firstRefusal(rows, (row, index) => rules.judgeOutput(row, nameRow(index), call.parameters));
  if (refusal !== undefined) return refused(refusal);
  const outcome: Outcome = { kind: 'prediction', named: isNamed ? nameRow(0) : undefined };
  return { outcome, tensors: wanted(call, outputs) };
};

/** Labels, cut-offs and names for the outputs of a call that asked with features; rules on outputs. */
export const postprocess = (now: () => number): Layer<ResolvedCall, Answer, ResolvedCall, Judged> => {
  return (next) => async (call) => {
    const judged = await next(call);
    const { release } = call.served;
    const { predictionId, warnings } = call;
    const concluded = conclude(call, judged);
    const timings = 'refusal' in judged ? undefined : judged.timings;
    return { predictionId, release, ...concluded, timings, warnings, totalMs: now() - call.scope.arrivedAt };
  };
};
