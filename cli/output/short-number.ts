/** Digits of what was measured: more say nothing. */
const digits = 5;

export const shortNumber = (value: number): string => String(Number(value.toPrecision(digits)));
