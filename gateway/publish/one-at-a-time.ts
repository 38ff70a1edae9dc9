/** Runs what it is given one after the other, in the order in which it was given. */
export type InTurn = <T>(act: () => Promise<T>) => Promise<T>;

export const oneAtATime = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
};
