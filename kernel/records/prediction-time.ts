/** The last millisecond that four digits of a year can say: an id of a later time is none of ours. */
export const lastMs = Date.UTC(10_000, 0) - 1;
const uuidV7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** How many characters of a UUID say a UUIDv7's time; the hyphen is among them. */
const timeCharacters = 13;
const hyphenAt = 8;

/** Of a hexadecimal digit's character code. */
const digitOf = (code: number): number => (code & 0xf) + (code >> 6) * 9;

/**
 * The time inside a UUIDv7 (RFC 9562 §5.7), in milliseconds since 1970; of another UUID a number that is its own at
 * least. It is asked for every record, and so makes no text of it.
 */
export const uuidTimeMs = (uuid: string): number => {
  let time = 0;
  for (let index = 0; index < timeCharacters; index += 1)
    if (index !== hyphenAt) time = time * 16 + digitOf(uuid.charCodeAt(index));
  return time;
};

/** The time inside a prediction's id, a UUIDv7, in milliseconds since 1970; undefined: it is none. */
export const predictionTimeMs = (predictionId: string): number | undefined => {
  if (!uuidV7.test(predictionId)) return undefined;
  const timeMs = uuidTimeMs(predictionId);
  return timeMs <= lastMs ? timeMs : undefined;
};
