import { compileNames } from '../features/name-outputs.ts';
import { firstRefusal } from '../rules/first-refusal.ts';
import type { Refusal } from '../rules/judge.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkGolden, checkRefusal, compileCases, faultOf, type GoldenCases } from './golden.ts';
import type { GoldenCase } from './read-golden.ts';
import type { Release } from './release.ts';

type Compute = (inputs: readonly Tensor[]) => Promise<readonly Tensor[]>;

/** Runs a case. @throws Error naming the case, what was expected and what came; what `compute` throws as it is. */
export type RunGolden = (golden: GoldenCase, compute: Compute) => Promise<void>;

type Before = { readonly refusal: Refusal } | { readonly inputs: readonly Tensor[]; readonly after: After };
type After = (outputs: readonly Tensor[]) => Refusal | undefined;

/** What rules say before the graph, or what it is to compute, and what rules say after it. */
const begin = (release: Release, { rules, ask }: GoldenCases, golden: GoldenCase): Before => {
  const { rows, encode } = ask(golden);
  const refusal = firstRefusal(rows, (row) => rules.judgeInput(row, {}));
  if (refusal !== undefined) return { refusal };
  const after: After = (outputs) => {
    const nameRow = compileNames(release)(outputs, {});
    return firstRefusal(rows, (row, index) => rules.judgeOutput(row, nameRow(index), {}));
  };
  return { inputs: encode(), after };
};

/** Whatever goes wrong is told with the name of the case. */
const named = <Result>(golden: GoldenCase, act: () => Result): Result => {
  try {
    return act();
  } catch (error) {
    throw faultOf(golden, error);
  }
};

/**
 * Compiles what runs the golden cases of a release as the gateway answers requests: rules, graph, rules on outputs, with
 * the manifest's own parameters. What a rule refuses before the graph is not computed.
 */
export const compileGolden = (release: Release): RunGolden => {
  const cases = compileCases(release);
  return async (golden, compute) => {
    const begun = named(golden, () => begin(release, cases, golden));
    if ('refusal' in begun) return checkRefusal(golden, begun.refusal);
    const outputs = await compute(begun.inputs);
    const refusal = named(golden, () => begun.after(outputs));
    if (refusal === undefined) checkGolden(release, golden, outputs);
    else checkRefusal(golden, refusal);
  };
};
