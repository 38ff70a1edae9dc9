import { InferenceSession, Tensor } from 'onnxruntime-node';
import { closedLoop, type Load } from './load.ts';
import { benchModel, benchModelFile } from './request.ts';

/** onnxruntime-node alone, in this process, one row at a time. */
export const bareLoop = async (requests: number): Promise<Load> => {
  const session = await InferenceSession.create(benchModelFile, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const run = () =>
    session.run({
      features: new Tensor('float32', new Float32Array(benchModel.columns), [1, benchModel.columns]),
    });
  await closedLoop(requests / 10, 1, run);
  const load = await closedLoop(requests, 1, run);
  await session.release();
  return load;
};
