import { isMap, isScalar, isSeq } from 'yaml';

const nameOf = (node: unknown): unknown => (isMap(node) ? node.get('name') : undefined);

interface Step {
  /** Says where it is: the key. */
  readonly at: unknown;
  readonly next: unknown;
}

const step = (node: unknown, key: PropertyKey): Step | undefined => {
  if (isMap(node)) {
    const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(key));
    return pair === undefined ? undefined : { at: pair.key, next: pair.value };
  }
  if (!isSeq(node)) return undefined;
  const item = node.items.find((each) => nameOf(each) === key) ?? node.items[Number(key)];
  return item === undefined ? undefined : { at: item, next: item };
};

const offsetOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;

/** Where a field of a YAML text is, or what is nearest above it; entries of lists by position or by `name`. */
export const offsetAt = (root: unknown, path: readonly PropertyKey[]): number => {
  let node = root;
  let offset = offsetOf(root) ?? 0;
  for (const key of path) {
    const found = step(node, key);
    if (found === undefined) break;
    offset = offsetOf(found.at) ?? offset;
    node = found.next;
  }
  return offset;
};
