/** As callers write names: words of small letters, digits and underscores. */
export const nameOf = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '') || 'value';

/** The same names, those that were there before with underscores behind them. */
export const distinct = (names: readonly string[]): string[] => {
  const taken = new Set<string>();
  return names.map((wanted) => {
    let name = wanted;
    while (taken.has(name)) name = `${name}_`;
    taken.add(name);
    return name;
  });
};
