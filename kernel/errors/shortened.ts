/**
 * A text of at most that many UTF-16 code units, and without halves of surrogate pairs: encodeURI,
 * through which grpc-js sends every message, throws at those, outside of any handler.
 */
export const shortened = (text: string, maxLength: number): string =>
  (text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`).toWellFormed();
