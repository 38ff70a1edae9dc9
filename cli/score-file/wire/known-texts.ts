/** More different ones are no names. */
const maxKnown = 64;

export interface TextPlace {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export type KnownTexts = (place: TextPlace) => string;

/** Texts that come with every answer, such as the names of outputs: each is made once, and known again by its bytes. */
export const knownTexts = (): KnownTexts => {
  const known: { readonly told: Uint8Array; readonly text: string }[] = [];
  return (place) => {
    for (const { told, text } of known) if (isSame(told, place)) return text;
    const { bytes, start, end } = place;
    const text = bytes.toString('utf8', start, end);
    if (known.length < maxKnown) known.push({ told: Uint8Array.from(bytes.subarray(start, end)), text });
    return text;
  };
};

const isSame = (told: Uint8Array, { bytes, start, end }: TextPlace): boolean => {
  if (told.length !== end - start) return false;
  for (let index = 0; index < told.length; index += 1) if (told[index] !== bytes[start + index]) return false;
  return true;
};
