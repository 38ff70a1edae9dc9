/** The last millisecond that four digits of a year can say: an id of a later time is none of ours. */
export const lastMs = Date.UTC(10_000, 0) - 1;
const uuidV7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** The time inside a prediction's id, a UUIDv7 (RFC 9562 §5.7), in milliseconds since 1970; undefined: it is none. */
export const predictionTimeMs = (predictionId: string): number | undefined => {
  if (!uuidV7.test(predictionId)) return undefined;
  const timeMs = Number.parseInt(predictionId.slice(0, 8) + predictionId.slice(9, 13), 16);
  return timeMs <= lastMs ? timeMs : undefined;
};
