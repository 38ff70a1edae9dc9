import type { ASTNode } from '@marcbachmann/cel-js';

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value;

const childrenOf = ({ args }: ASTNode): ASTNode[] => [args].flat(3).filter(isNode);

/**
 * Makes each whole number in an expression a double, as features are: `tenure in [1, 2]` and `1 / 2` mean what
 * people expect of them. Only positions in lists stay ints.
 */
export const makeDoubles = (node: ASTNode): void => {
  const literal = node as { args: unknown };
  if (node.op === 'value' && typeof literal.args === 'bigint') literal.args = Number(literal.args);
  const children = childrenOf(node);
  for (const [index, child] of children.entries())
    if (!(node.op === '[]' && index === 1 && child.op === 'value')) makeDoubles(child);
};
