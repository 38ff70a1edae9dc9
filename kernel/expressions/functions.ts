import { Environment } from '@marcbachmann/cel-js';

/**
 * What an expression may call. Everything else of the library is refused: `matches` is JavaScript's
 * backtracking RegExp, which may take for ever; others make long lists of callers' texts, or escape the check
 * of types.
 */
export const functions: ReadonlySet<string> = new Set([
  ...['size', 'string', 'double', 'int'],
  ...['abs', 'ceil', 'exp', 'floor', 'log', 'max', 'min', 'pow', 'round', 'sqrt'],
]);
export const methods: ReadonlySet<string> = new Set([
  ...['size', 'startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim'],
]);
/** Those that evaluate their last argument once for each element of a list. */
export const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

type Numeric = number | bigint;
const sync = { async: false };

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** What CEL has not: arithmetic of doubles with ints, which sizes are, and comparing with null what never is null. */
const addOperators = (environment: Environment): void => {
  for (const [sign, compute] of Object.entries(arithmetic)) {
    const handler = (a: Numeric, b: Numeric): number => compute(Number(a), Number(b));
    environment.registerOperator(`double ${sign} int: double`, handler);
    environment.registerOperator(`int ${sign} double: double`, handler);
  }
  environment.registerOperator('double % double: double', (a: number, b: number) => a % b);
  environment.registerOperator('double == int: bool', (a: Numeric, b: Numeric) => Number(a) === Number(b));
  for (const type of ['double', 'string', 'bool'])
    environment.registerOperator(`${type} == null: bool`, (value: unknown) => value === null);
};

const ofOne: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  round: Math.round,
  sqrt: Math.sqrt,
};
const ofTwo: Readonly<Record<string, (a: number, b: number) => number>> = {
  max: Math.max,
  min: Math.min,
  pow: Math.pow,
};
const numericTypes = ['double', 'int'];

const addFunctions = (environment: Environment): void => {
  for (const [name, compute] of Object.entries(ofOne))
    for (const type of numericTypes)
      environment.registerFunction(`${name}(${type}): double`, (a: Numeric) => compute(Number(a)), sync);
  for (const [name, compute] of Object.entries(ofTwo))
    for (const first of numericTypes)
      for (const second of numericTypes)
        environment.registerFunction(
          `${name}(${first}, ${second}): double`,
          (a: Numeric, b: Numeric) => compute(Number(a), Number(b)),
          sync,
        );
};

/** An environment with what every expression may use. It cannot be changed any more: clone it. */
export const createBase = (limits: Readonly<Record<string, number>>): Environment => {
  const environment = new Environment({ limits });
  addOperators(environment);
  addFunctions(environment);
  environment.clone();
  return environment;
};
