/** ECMAScript's JSON.rawJSON, which TypeScript's library does not declare yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** A 64-bit integer for JSON.stringify, digit by digit: beyond 2^53 a number would be another one. */
export const exactInteger = (value: bigint): unknown => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : rawJSON(String(value));
};
