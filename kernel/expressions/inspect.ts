import type { ASTNode } from '@marcbachmann/cel-js';
import { functions, loops, methods } from './functions.ts';
import { type Constant, listed, type Names, type NameType } from './names.ts';

/** What an expression reads and what it costs, found before it is ever evaluated. */
export interface Inspected {
  /** Variables. */
  readonly reads: ReadonlySet<string>;
  /** Steps that one evaluation takes at most; never fewer than the elements of any list in it. */
  readonly steps: number;
  /** Each with the character where it is. */
  readonly faults: readonly string[];
}

/** Names of the elements of the lists that are being walked through, and the steps of reading one. */
type Inner = ReadonlyMap<string, number>;

/** Their operands are scalars, or there is no result. */
const scalarOperators: ReadonlySet<string> = new Set([
  ...['<', '<=', '>', '>=', '-', '*', '/', '%', '&&', '||'],
]);

/** `a`, `a.b`, `a[0].b` or `a[b]`. */
const isPath = (node: ASTNode): boolean => {
  if (node.op === '[]') return isPath(node.args[0]) && (node.args[1].op === 'value' || isPath(node.args[1]));
  return node.op === 'id' || (node.op === '.' && isPath(node.args[0]));
};

/** The name with which a path begins. */
const rootOf = (node: ASTNode): string | undefined => {
  if (node.op === 'id') return node.args;
  return node.op === '.' || node.op === '[]' ? rootOf(node.args[0]) : undefined;
};

const itemsOf = (type: NameType): number => {
  if (type.kind === 'list' || type.kind === 'any') return type.maxItems;
  return type.kind === 'object' ? Math.max(0, ...Object.values(type.fields).map(itemsOf)) : 0;
};

const lengthOf = (constant: Constant | undefined): number => (Array.isArray(constant) ? constant.length : 0);

/** The type of `a` or `a.b.c`, where it is known. */
const typeOfPath = (variables: Names['variables'], node: ASTNode): NameType | undefined => {
  if (node.op === 'id') return variables[node.args];
  if (node.op !== '.') return undefined;
  const outer = typeOfPath(variables, node.args[0]);
  return outer?.kind === 'object' ? outer.fields[node.args[1]] : undefined;
};

/** Looks at every node of an expression. */
export const inspect = (root: ASTNode, { variables, constants }: Names): Inspected => {
  const hasAny = Object.values(variables).some(({ kind }) => kind === 'any');
  const reads = new Set<string>();
  const faults: string[] = [];
  const refuse = ({ start }: ASTNode, message: string): number => {
    faults.push(`${message} (at character ${start + 1})`);
    return 1;
  };
  const all = (nodes: readonly ASTNode[], inner: Inner): number =>
    nodes.reduce((sum, node) => sum + stepsOf(node, inner), 1);
  /** Of a value only whether it is a scalar, and which. */
  const allScalars = (nodes: readonly ASTNode[], inner: Inner): number =>
    nodes.reduce(
      (sum, node) => sum + (isPath(node) ? Math.min(1, stepsOf(node, inner)) : stepsOf(node, inner)),
      1,
    );

  const ofName = (node: ASTNode, name: string, inner: Inner): number => {
    const element = inner.get(name);
    if (element !== undefined) return element;
    if (constants[name] !== undefined) return 1 + lengthOf(constants[name]);
    const variable = variables[name];
    if (variable === undefined)
      return refuse(
        node,
        `unknown name '${name}'; ${listed([...Object.keys(variables), ...Object.keys(constants)])}`,
      );
    reads.add(name);
    return 1 + itemsOf(variable);
  };

  const ofField = (node: ASTNode, object: ASTNode, field: string, inner: Inner): number => {
    const type = typeOfPath(variables, object);
    if (type?.kind === 'object' && type.fields[field] === undefined)
      return refuse(node, `unknown name '${field}'; ${listed(Object.keys(type.fields))}`);
    return 1 + stepsOf(object, inner);
  };

  /** `list.exists(x, …)`: the last arguments once for each element. */
  const ofLoop = (node: ASTNode, list: ASTNode, given: readonly ASTNode[], inner: Inner): number => {
    const [element, ...bodies] = given;
    if (element?.op !== 'id') return refuse(node, 'expected a name for the elements as first argument');
    const length = stepsOf(list, inner);
    // What lies in a value of any shape may be a list of lists.
    const read = hasAny ? length : 1;
    return length + length * all(bodies, new Map([...inner, [element.args, read]]));
  };

  const ofMethod = (
    node: ASTNode,
    name: string,
    receiver: ASTNode,
    given: readonly ASTNode[],
    inner: Inner,
  ): number => {
    if (loops.has(name)) return ofLoop(node, receiver, given, inner);
    if (!methods.has(name)) return refuse(node, `no method '${name}'; ${listed([...methods, ...loops])}`);
    // V8 looks for one text in another by trying it at each place.
    if (hasAny && name === 'contains' && given[0]?.op !== 'value')
      return all([receiver], inner) * all(given, inner);
    return all([receiver, ...given], inner);
  };

  /** `has(a.b)`, of a value of any shape: whether it is there. */
  const ofHas = (node: ASTNode, [path]: readonly ASTNode[], inner: Inner): number => {
    const root = path === undefined ? undefined : rootOf(path);
    if (path?.op !== '.' || root === undefined) return refuse(node, 'has: expected a path such as event.a.b');
    return allScalars([path], inner);
  };

  const ofCall = (node: ASTNode, name: string, given: readonly ASTNode[], inner: Inner): number => {
    if (name === 'has' && hasAny) return ofHas(node, given, inner);
    if (functions.has(name)) return all(given, inner);
    return refuse(node, `no function '${name}'; ${listed(hasAny ? [...functions, 'has'] : [...functions])}`);
  };

  const isElement = (node: ASTNode, inner: Inner): boolean => isPath(node) && inner.has(rootOf(node) ?? '');

  /**
   * With a scalar that is written there the other operand is one, or not looked at any further. Nor does comparing all
   * elements of a list with something take more steps than there are values in the list, which its loop has counted.
   */
  const ofOperator = (
    { op, args }: { readonly op: string; readonly args: readonly ASTNode[] },
    inner: Inner,
  ): number => {
    const literals = args.flatMap((each) => (each.op === 'value' ? [typeof each.args] : []));
    const isScalar =
      scalarOperators.has(op) ||
      ((op === '==' || op === '!=') &&
        (literals.length > 0 || args.some((each) => isElement(each, inner)))) ||
      (op === '+' && literals.includes('number'));
    return isScalar ? allScalars(args, inner) : all(args, inner);
  };

  /** A constant list is a set: nothing in it is walked through. */
  const ofMembership = ([element, list]: readonly [ASTNode, ASTNode], inner: Inner): number =>
    list.op === 'id' && !inner.has(list.args) && constants[list.args] !== undefined
      ? 2 + stepsOf(element, inner)
      : all([element, list], inner);

  const stepsOf = (node: ASTNode, inner: Inner): number => {
    switch (node.op) {
      case 'value':
        return 1;
      case 'id':
        return ofName(node, node.args, inner);
      case '.':
        return ofField(node, node.args[0], node.args[1], inner);
      case 'call':
        return ofCall(node, node.args[0], node.args[1], inner);
      case 'rcall':
        return ofMethod(node, node.args[0], node.args[1], node.args[2], inner);
      case 'in':
        return ofMembership(node.args, inner);
      case '!_':
      case '-_':
        return 1 + stepsOf(node.args, inner);
      case 'list':
      case '?:':
      case '[]':
        return all(node.args, inner);
      case '.?':
      case '[?]':
      case 'map':
        return refuse(node, `'${node.op}' is not part of these expressions`);
      default:
        return ofOperator(node, inner);
    }
  };

  const steps = stepsOf(root, new Map());
  return { reads, steps, faults };
};
