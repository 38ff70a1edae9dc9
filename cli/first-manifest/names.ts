/** As callers write names: words of small letters, digits and underscores. */
export const nameOf = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '') || 'value';

/** The same names, with underscores behind those that were there before, or that every JavaScript object has. */
export const distinct = (names: readonly string[]): string[] => {
  const taken = new Set<string>();
  return names.map((wanted) => {
    let name = wanted;
    while (taken.has(name) || name in Object.prototype) name = `${name}_`;
    taken.add(name);
    return name;
  });
};
