import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Ort } from './onnx-runtime.ts';
import type { Session } from './session.ts';
import { fromOrtTensor, toOrtTensor } from './tensors.ts';

export interface SessionOptions {
  readonly intraOpThreads: number;
}

/** Spinning threads of an idle pool burn whole cores, hence one thread, in order (docs/adr/0003). */
const optionsOf = ({ intraOpThreads }: SessionOptions): Ort.InferenceSession.SessionOptions => ({
  intraOpNumThreads: intraOpThreads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Failures come back as errors; ONNX Runtime need not write them to stderr as well.
  logSeverityLevel: 4,
  ...(intraOpThreads > 1 ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
});

const run = async (
  ort: typeof Ort,
  session: Ort.InferenceSession,
  inputs: readonly Tensor[],
): Promise<Tensor[]> => {
  const feeds = Object.fromEntries(inputs.map((tensor) => [tensor.name, toOrtTensor(ort, tensor)]));
  const outputs = await session.run(feeds);
  return session.outputNames.map((name) => {
    const output = outputs[name];
    if (output === undefined) throw new Error(`the graph gave no output ${name}`);
    return fromOrtTensor(name, output);
  });
};

/** Loads a graph from a file. @throws Error with ONNX Runtime's message. */
export const openSession = async (
  ort: typeof Ort,
  path: string,
  options: SessionOptions,
): Promise<Session> => {
  const session = await ort.InferenceSession.create(path, optionsOf(options));
  return {
    run: (inputs) => run(ort, session, inputs),
    [Symbol.asyncDispose]: () => session.release(),
  };
};
