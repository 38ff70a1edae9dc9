/** Lets a number of works be under way at once; the others wait, the first come first. */
export interface Gate {
  /** Resolves when it is this one's turn, which lasts until the result is disposed of. */
  enter(): Promise<Disposable>;
}

export const createGate = (places: number): Gate => {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    enter: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return { [Symbol.dispose]: leave };
    },
  };
};
