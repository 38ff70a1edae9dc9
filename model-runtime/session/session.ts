import type { Tensor } from '@sluice/kernel/tensor/tensor';

/** A loaded graph. */
export interface Session extends AsyncDisposable {
  /**
   * Runs the graph: every input in, every output out, in the graph's order. It computes on the
   * calling thread.
   * @throws Error with ONNX Runtime's message when the graph fails.
   */
  run(inputs: readonly Tensor[]): Promise<Tensor[]>;
}
