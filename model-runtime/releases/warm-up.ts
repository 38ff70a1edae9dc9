import { messageOf } from '@sluice/kernel/errors/message-of';
import { checkGolden, encodeGolden } from '@sluice/kernel/release/golden';
import { readGolden } from '@sluice/kernel/release/read-golden';
import { folderOfRelease, type Release } from '@sluice/kernel/release/release';
import type { Store } from '@sluice/kernel/store/store';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import { allocate, bytesOf } from '@sluice/kernel/tensor/numbers';
import { elementCount, type Tensor, type TensorSpec } from '@sluice/kernel/tensor/tensor';
import type { Session } from '../session/session.ts';

/** Golden cases that are run at load; all of them run at publication. */
const sampleSize = 3;
/** Runs with generated inputs, so that ONNX Runtime has planned its memory. */
const generatedRuns = 3;

/**
 * Warms a session up with golden cases, which must come out as they say, or with generated inputs,
 * which need not be accepted by the graph.
 * @throws Error naming the golden case that came out otherwise.
 */
export const warmUp = async (store: Store, release: Release, session: Session): Promise<string> => {
  const cases = (await readGolden(store, folderOfRelease(release.model, release.version))).slice(
    0,
    sampleSize,
  );
  for (const golden of cases) checkGolden(release, golden, await session.run(encodeGolden(release, golden)));
  if (cases.length > 0) return `${cases.length} golden cases`;
  try {
    for (let run = 0; run < generatedRuns; run += 1)
      await session.run(release.signature.inputs.map(generate));
    return 'generated inputs';
  } catch (error) {
    return `generated inputs, which the graph refused: ${messageOf(error)}`;
  }
};

/** Zeros, or empty strings, with 1 for every open dimension. */
const generate = ({ name, datatype, shape: declared }: TensorSpec): Tensor => {
  const shape = declared.map((size) => (size === -1 ? 1 : size));
  const count = elementCount(shape);
  const data =
    datatype === 'BYTES'
      ? bytesOfStrings(new Array<string>(count).fill(''))
      : bytesOf(allocate(datatype, count));
  return { name, datatype, shape, data };
};
