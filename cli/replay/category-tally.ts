/** From one value to another one. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** One that went this way. */
  readonly predictionId: string;
}

/** How an output that is no number changed. */
export interface CategoryReport {
  readonly output: string;
  readonly compared: number;
  readonly changed: number;
  /** The most frequent first. */
  readonly transitions: readonly Transition[];
  /** Changes of further transitions, which were not kept apart. */
  readonly others: number;
}

export interface CategoryTally {
  readonly add: (predictionId: string, from: string, to: string) => void;
  readonly report: () => CategoryReport;
}

/** Transitions of one output that are kept apart: free text would have as many as there are predictions. */
export const maxTransitions = 1_000;
/** Of each value so much is kept. */
const maxCharacters = 200;

const shortened = (text: string): string =>
  text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;

export const createCategoryTally = (output: string): CategoryTally => {
  const transitions = new Map<string, Transition>();
  let [compared, changed, others] = [0, 0, 0];
  const count = (predictionId: string, from: string, to: string): void => {
    const key = JSON.stringify([from, to]);
    const earlier = transitions.get(key);
    if (earlier !== undefined) transitions.set(key, { ...earlier, count: earlier.count + 1 });
    else if (transitions.size < maxTransitions) transitions.set(key, { from, to, count: 1, predictionId });
    else others += 1;
  };
  return {
    add: (predictionId, from, to) => {
      compared += 1;
      if (from === to) return;
      changed += 1;
      count(predictionId, shortened(from), shortened(to));
    },
    report: () => ({
      output,
      compared,
      changed,
      transitions: [...transitions.values()].sort((a, b) => b.count - a.count),
      others,
    }),
  };
};
