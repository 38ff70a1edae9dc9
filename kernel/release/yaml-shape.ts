import { type Document, isAlias, isMap, isPair, isScalar, type Node, visit } from 'yaml';
import { manifestLimits } from './package-limits.ts';

/** What YAML allows and a manifest does not, and where. */
export interface ShapeFault {
  readonly offset: number;
  readonly message: string;
}

const { maxDepth, maxAliases } = manifestLimits;
/** Of a text that is no manifest at all the rest tells nothing new. */
const maxFaults = 8;

const startOf = ({ range }: { range?: readonly number[] | null | undefined }): number => range?.[0] ?? 0;

/** Keys that an object has already. */
const twice = (pairs: readonly { readonly key: unknown }[]): ShapeFault[] => {
  const seen = new Set<string>();
  return pairs.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    if (seen.has(name)) return [{ offset: startOf(key), message: `'${name}' is there twice` }];
    seen.add(name);
    return [];
  });
};

const aliasFault = (source: string, isInside: boolean, count: number): string | undefined => {
  if (count > maxAliases) return `has more than ${maxAliases} aliases`;
  return isInside ? `*${source} contains itself` : undefined;
};

/** Depth, aliases and keys of a document. */
export const shapeFaults = (document: Document.Parsed): ShapeFault[] => {
  const faults: ShapeFault[] = [];
  let aliases = 0;
  const told = (node: Node, message: string | undefined): symbol | undefined => {
    if (message === undefined) return undefined;
    faults.push({ offset: startOf(node), message });
    return faults.length < maxFaults ? visit.SKIP : visit.BREAK;
  };
  visit(document, {
    Node: (_, node, path) => {
      if (path.filter((each) => !isPair(each)).length > maxDepth)
        return told(node, `is nested deeper than ${maxDepth}`);
      if (isMap(node)) faults.push(...twice(node.items).slice(0, maxFaults));
      if (!isAlias(node)) return undefined;
      aliases += 1;
      const isInside = aliases <= maxAliases && path.includes(node.resolve(document) as Node);
      return told(node, aliasFault(node.source, isInside, aliases));
    },
  });
  return faults.slice(0, maxFaults);
};
