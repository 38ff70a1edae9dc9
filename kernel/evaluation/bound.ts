/** What a gate demands of a metric: `<= 45`. */
export interface Bound {
  readonly operator: '<=' | '>=' | '<' | '>';
  readonly value: number;
}

const form = /^(<=|>=|<|>)\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)$/;

export const parseBound = (text: string): { readonly value: Bound } | { readonly error: string } => {
  const [, operator, number] = form.exec(text.trim()) ?? [];
  if (operator === undefined)
    return { error: `expected a bound such as "<= 45" (<=, <, >= or >, then a number), got '${text}'` };
  return { value: { operator: operator as Bound['operator'], value: Number(number) } };
};

/** False for NaN, whatever the bound. */
export const meets = (measured: number, { operator, value }: Bound): boolean => {
  if (operator === '<=') return measured <= value;
  if (operator === '>=') return measured >= value;
  return operator === '<' ? measured < value : measured > value;
};
