import { randomBytes } from 'node:crypto';

/** Random bytes are asked of the system for so many texts at once: each time costs more than all else of one. */
const stockBytes = 4096;

/** Makes texts of random hexadecimal digits, two for each byte. */
export const randomHex = (bytes: number): (() => string) => {
  let stock = '';
  let at = 0;
  return () => {
    if (at + 2 * bytes > stock.length) {
      stock = randomBytes(stockBytes).toString('hex');
      at = 0;
    }
    at += 2 * bytes;
    return stock.slice(at - 2 * bytes, at);
  };
};
