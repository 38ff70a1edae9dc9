/** First in, first out; what is put back stands in front. */
export interface RowQueue<T> {
  readonly length: () => number;
  readonly push: (item: T) => void;
  readonly putBack: (items: Iterable<T>) => void;
  readonly shift: () => T | undefined;
  readonly first: () => T | undefined;
}

/** So many places in front may be empty before they are given up. */
const maxEmpty = 1_024;

/** Array.shift moves all that is behind it. */
export const rowQueue = <T>(): RowQueue<T> => {
  let items: T[] = [];
  let head = 0;
  return {
    length: () => items.length - head,
    push: (item) => void items.push(item),
    putBack: (back) => {
      items = [...back, ...items.slice(head)];
      head = 0;
    },
    first: () => items[head],
    shift: () => {
      if (head === items.length) return undefined;
      const item = items[head];
      head += 1;
      if (head === items.length) [items, head] = [[], 0];
      else if (head === maxEmpty) [items, head] = [items.slice(head), 0];
      return item;
    },
  };
};
