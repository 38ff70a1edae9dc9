import type { OnnxModel, OnnxNode, OnnxOpset } from './onnx-messages.ts';
import type { OnnxParts } from './onnx-parts.ts';

/** What the onnxruntime-node of this repository computes; a test holds it to these numbers. */
export const supported = {
  onnxRuntime: '1.30',
  /** Of the file format. */
  irVersion: 13,
  /** Of ai.onnx; older ones it may compute, but does not promise to. */
  lowestOpset: 7,
  /** By domain of operators: the highest opset. */
  opsets: new Map([
    ['ai.onnx', 26],
    ['ai.onnx.ml', 5],
    ['com.microsoft', 1],
    ['com.microsoft.nchwc', 1],
  ]),
} as const;

const runtime = `ONNX Runtime ${supported.onnxRuntime}`;

/** The empty domain is ONNX's own. */
const domainOf = ({ domain = '' }: { readonly domain?: string }): string =>
  domain === '' ? 'ai.onnx' : domain;

const irFaults = ({ irVersion }: OnnxModel): string[] => {
  if (irVersion === undefined) return ['has no ir_version; export it again'];
  if (irVersion <= supported.irVersion) return [];
  return [
    `has IR version ${irVersion}, ${runtime} reads up to ${supported.irVersion}; export it with an older onnx`,
  ];
};

const opsetFault = (opset: OnnxOpset, isNew: boolean): string | undefined => {
  const [domain, { version = 0 }] = [domainOf(opset), opset];
  const highest = supported.opsets.get(domain);
  const uses = `uses opset ${version} of ${domain}, ${runtime}`;
  if (highest !== undefined && version > highest)
    return `${uses} computes up to ${highest}; export it with an older opset`;
  if (isNew && domain === 'ai.onnx' && version < supported.lowestOpset)
    return `${uses} promises ${supported.lowestOpset} to ${highest}; export it with a newer opset`;
  return undefined;
};

const opsetFaults = ({ opsets }: OnnxParts, isNew: boolean): string[] => {
  if (opsets.length === 0) return ['names no opset; export it again'];
  return opsets.map((opset) => opsetFault(opset, isNew)).filter((fault) => fault !== undefined);
};

/** Operators by domain that neither ONNX Runtime nor a function of the file brings. */
const customOperators = ({ functions }: OnnxModel, { nodes }: OnnxParts): Map<string, Set<string>> => {
  const nameOf = (domain: string, type: string | undefined) => `${domain} ${type}`;
  const own = new Set(functions.map((each) => nameOf(domainOf(each), each.name)));
  const found = new Map<string, Set<string>>();
  const isCustom = (node: OnnxNode): boolean =>
    !supported.opsets.has(domainOf(node)) && !own.has(nameOf(domainOf(node), node.opType));
  for (const node of nodes.filter(isCustom)) {
    const domain = domainOf(node);
    found.set(domain, (found.get(domain) ?? new Set()).add(node.opType ?? ''));
  }
  return found;
};

/** Of more operators the rest is not told. */
const maxTold = 5;

/** Operators that only a runtime built with them has, by domain; those that the manifest allows are none. */
export const customFaults = (model: OnnxModel, parts: OnnxParts, allowed: readonly string[]): string[] =>
  [...customOperators(model, parts)]
    .filter(([domain]) => !allowed.includes(domain))
    .map(
      ([domain, operators]) =>
        `has custom operators of ${domain}: ${[...operators].slice(0, maxTold).join(', ')}; ` +
        `export it without them, or, where every runtime has them, say customOperators: [${domain}] in sluice.yaml`,
    );

/**
 * Versions that ONNX Runtime does not compute, each with what to do.
 * @param isNew at a publication: those for which it promises nothing too
 */
export const operatorFaults = (model: OnnxModel, parts: OnnxParts, isNew: boolean): string[] => [
  ...irFaults(model),
  ...new Set(opsetFaults(parts, isNew)),
];

/** Domains that a manifest allows and that the graph does not use. */
export const unusedDomains = (model: OnnxModel, parts: OnnxParts, allowed: readonly string[]): string[] => {
  const used = customOperators(model, parts);
  return allowed.filter((domain) => !used.has(domain));
};
