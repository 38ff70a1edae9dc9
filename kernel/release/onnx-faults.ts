import type { OnnxModel } from './onnx-messages.ts';
import { customFaults, operatorFaults, unusedDomains } from './onnx-operators.ts';
import { partsOf } from './onnx-parts.ts';
import { sizeFaults } from './onnx-sizes.ts';
import { weightFaults } from './outside-weights.ts';
import type { PackageFault } from './package-error.ts';

export interface OnnxRules {
  /** Sizes of the package's files in bytes, by path. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Domains of custom operators that the manifest allows; undefined: what it says is not known. */
  readonly customOperators: readonly string[] | undefined;
  /** Whether only a publication asks: an opset for which ONNX Runtime promises nothing. */
  readonly isNew: boolean;
}

/** Everything for which a graph is not given to ONNX Runtime. */
export const onnxFaults = (model: OnnxModel, rules: OnnxRules): PackageFault[] => {
  const { sizes, customOperators: allowed = [] } = rules;
  const parts = partsOf(model);
  const faults = [
    ...operatorFaults(model, parts, rules.isNew),
    ...(rules.customOperators === undefined ? [] : customFaults(model, parts, allowed)),
    ...weightFaults(parts.tensors, sizes),
    ...sizeFaults(parts, sizes),
  ];
  const unused = unusedDomains(model, parts, allowed).map((domain) => ({
    file: 'sluice.yaml',
    path: 'customOperators',
    message: `the graph has no custom operators of ${domain}; leave it out`,
  }));
  return [...faults.map((message) => ({ file: 'model.onnx', message })), ...unused];
};
