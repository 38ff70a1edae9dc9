import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Sample } from '../figures.ts';
import { openTrees, trees, treesTensor } from '../model/trees.ts';
import { percentile } from '../statistics.ts';
import type { Row } from './row.ts';

/** Runs one row at a time, and looks at the clock before and after each. */
const loop = async (session: InferenceSession, seconds: number): Promise<Sample> => {
  const values = treesTensor(1);
  const durations: number[] = [];
  const startedAt = performance.now();
  let now = startedAt;
  while (now < startedAt + seconds * 1000) {
    await session.run({ features: new Tensor('float32', values, [1, trees.columns]) });
    const end = performance.now();
    durations.push((end - now) * 1000);
    now = end;
  }
  const sorted = Float64Array.from(durations).sort();
  const perSecond = (sorted.length * 1000) / (now - startedAt);
  return {
    requestsPerSecond: perSecond,
    rowsPerSecond: perSecond,
    p50Us: percentile(sorted, 0.5),
    p99Us: percentile(sorted, 0.99),
  };
};

/** onnxruntime-node alone, in this process, one row at a time. */
export const bareRow = (): Row => {
  let session: InferenceSession | undefined;
  return {
    name: 'bare',
    title: 'bare onnxruntime-node loop, one row at a time',
    section: 'unary',
    needs: [],
    prepare: async () => {
      session = await openTrees();
    },
    measure: async ({ seconds }) => loop(session ?? (await openTrees()), seconds),
  };
};
