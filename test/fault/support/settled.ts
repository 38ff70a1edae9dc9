import { waitFor } from '../../support/wait-for.ts';

/** Looks in a row that must agree. */
const looks = 25;

/** Waits until a count that is not zero stays the same, and answers it. */
export const settled = (what: string, count: () => Promise<number>): Promise<number> => {
  let last = 0;
  let same = 0;
  return waitFor(what, async () => {
    const now = await count();
    same = now === last ? same + 1 : 0;
    last = now;
    return now > 0 && same >= looks ? now : undefined;
  });
};
