/** Number reads hexadecimal digits and blanks too. */
const noDecimal = /^\s*$|^[+-]?0[xob]/i;

const [zero, nine, point, minus] = [0x30, 0x39, 0x2e, 0x2d];
/** As many digits are a whole number that a double has exactly. */
const maxExact = 15;
/** A double has these exactly, too: the quotient is the nearest one there is to what was written. */
const powers = Array.from({ length: maxExact + 1 }, (_, power) => Number(`1e${power}`));

/** Digits with or without a point and a minus; undefined: something else, or more of them. */
const shortDecimal = (text: string): number | undefined => {
  const { length } = text;
  if (length > maxExact) return undefined;
  const first = text.charCodeAt(0) === minus ? 1 : 0;
  let whole = 0;
  let pointAt = length;
  for (let at = first; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) whole = whole * 10 + code - zero;
    else if (code === point && pointAt === length) pointAt = at;
    else return undefined;
  }
  const decimals = Math.max(0, length - 1 - pointAt);
  if (pointAt === first && decimals === 0) return undefined;
  return (first === 1 ? -whole : whole) / (powers[decimals] ?? 1);
};

/** A decimal number as text, as Number reads it, but for short ones quicker; undefined: it is none, or infinite. */
export const decimalOf = (text: string): number | undefined => {
  const short = shortDecimal(text);
  if (short !== undefined) return short;
  const number = Number(text);
  return Number.isFinite(number) && !noDecimal.test(text) ? number : undefined;
};
