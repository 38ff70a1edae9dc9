import { messageOf } from '@sluice/kernel/errors/message-of';
import { compileGoldenEncoder } from '@sluice/kernel/release/golden';
import { readGolden } from '@sluice/kernel/release/read-golden';
import { folderOfRelease, type Release } from '@sluice/kernel/release/release';
import { compileGolden } from '@sluice/kernel/release/run-golden';
import type { Store } from '@sluice/kernel/store/store';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import { allocate, bytesOf } from '@sluice/kernel/tensor/numbers';
import { elementCount, type Tensor, type TensorSpec } from '@sluice/kernel/tensor/tensor';
import type { Session } from '../session/session.ts';
import { timedRun } from '../session/timed-run.ts';

/** Golden cases that are run at load; all of them run at publication. */
const sampleSize = 3;
/** Runs at least, so that ONNX Runtime has planned its memory, and one of them was not disturbed. */
const leastRuns = 3;
/** What seems slow is run again, up to so often and for so long: another process may have had the processor. */
const mostRuns = 10;
const measureMs = 500;

/** What a warm-up did. */
export interface WarmUp {
  /** For the log. */
  readonly ran: string;
  /** The shortest run, in milliseconds; 0: none was accepted by the graph. */
  readonly leastMs: number;
}

/**
 * Warms a session up with golden cases, which must come out as they say, or with generated inputs,
 * which need not be accepted by the graph; and measures it.
 * @param fastMs a run that takes no longer needs no further one.
 * @throws Error naming the golden case that came out otherwise.
 */
export const warmUp = async (
  store: Store,
  release: Release,
  session: Session,
  fastMs = Number.POSITIVE_INFINITY,
): Promise<WarmUp> => {
  const cases = (await readGolden(store, folderOfRelease(release.model, release.version))).slice(
    0,
    sampleSize,
  );
  // What a rule refuses may be nothing that the graph could compute.
  const first = cases.find((golden) => !('refusal' in golden));
  const times: number[] = [];
  const run = timedRun(session, (ms) => times.push(ms));
  const check = compileGolden(release);
  for (const golden of cases) await check(golden, run);
  const inputs =
    first === undefined ? release.signature.inputs.map(generate) : compileGoldenEncoder(release)(first);
  try {
    await measure(() => run(inputs), times, fastMs);
  } catch (error) {
    return { ran: `generated inputs, which the graph refused: ${messageOf(error)}`, leastMs: 0 };
  }
  return { ran: first ? `${cases.length} golden cases` : 'generated inputs', leastMs: Math.min(...times) };
};

/** Runs until there are enough times, and one of them is fast or further ones would take too long. */
const measure = async (
  run: () => Promise<unknown>,
  times: readonly number[],
  fastMs: number,
): Promise<void> => {
  const startedAt = performance.now();
  const isSlow = (): boolean =>
    times.length < mostRuns && Math.min(...times) > fastMs && performance.now() - startedAt < measureMs;
  while (times.length < leastRuns || isSlow()) await run();
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
