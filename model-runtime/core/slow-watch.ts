/** Batches that are judged together. */
export const windowSize = 64;

const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Takes the times of batches; tells of each whole window whose median is above the threshold. */
export const createSlowWatch = (
  thresholdMs: number,
  onSlow: (medianMs: number) => void,
): ((computeMs: number) => void) => {
  let window: number[] = [];
  return (computeMs) => {
    window.push(computeMs);
    if (window.length < windowSize) return;
    const medianMs = medianOf(window);
    window = [];
    if (medianMs > thresholdMs) onSlow(medianMs);
  };
};
