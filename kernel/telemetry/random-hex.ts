import { randomFillSync } from 'node:crypto';

/** Random bytes are asked of the system for so many texts at once: each time costs more than all else of one. */
const stockBytes = 4096;

/** Makes texts of random hexadecimal digits, two for each byte. */
export const randomHex = (bytes: number): (() => string) => {
  const stock = Buffer.alloc(stockBytes - (stockBytes % bytes));
  let at = stock.length;
  return () => {
    if (at === stock.length) {
      randomFillSync(stock);
      at = 0;
    }
    at += bytes;
    return stock.toString('hex', at - bytes, at);
  };
};
