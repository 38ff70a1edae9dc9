/** Of a release that is nearly nothing: its session, queue, worker and metrics. */
const leastBytes = 2 ** 20;
/** ONNX Runtime keeps weights, and packs those of matrix products once more: 0.8 to 1.95 times the file, measured. */
const factor = 2;

/** Memory that a loaded release takes, as far as its files tell; each of several cells holds it once. */
export const loadedBytes = (fileBytes: number, instances: number): number =>
  instances * (leastBytes + factor * fileBytes);
