/**
 * Times in milliseconds since 1970 as RFC 3339, UTC, with milliseconds. Neighbours share a text: making one costs as much
 * as half a record, and many come in one millisecond.
 */
export const timeTexts = (): ((timeMs: number) => string) => {
  let last = Number.NaN;
  let text = '';
  return (timeMs) => {
    if (timeMs !== last) text = new Date(timeMs).toISOString();
    last = timeMs;
    return text;
  };
};
