/** What is to happen, in the order of its time. */
export const createAgenda = () => {
  const due: { at: number; act: () => void }[] = [];
  return {
    add(at: number, act: () => void): void {
      let place = due.length;
      while (place > 0 && (due[place - 1]?.at ?? 0) > at) place -= 1;
      due.splice(place, 0, { at, act });
    },
    next: () => due.shift(),
  };
};
