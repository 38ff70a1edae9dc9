/** The value of a named feature or output. */
export type FeatureValue =
  | null
  | boolean
  | number
  | string
  | readonly FeatureValue[]
  | { readonly [name: string]: FeatureValue };

export type Features = Readonly<Record<string, FeatureValue>>;

/** How a message shows what came. */
export const shown = (value: FeatureValue | undefined): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string')
    return `the string '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return typeof value === 'number' ? `the number ${value}` : String(value);
};
