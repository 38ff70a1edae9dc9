import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { folderOfRelease } from '@sluice/kernel/release/release';
import { type DoorClient, openDoorClient } from '@sluice/kernel/rpc/door-client';
import { fileStore } from '@sluice/kernel/store/file-store';
import type { StoredFile } from '@sluice/kernel/store/store';
import { loadProtos } from '@sluice/protos/load';
import type { Package } from '../package/read-package.ts';
import { awaitLoaded } from './await-loaded.ts';
import type { EvaluationOutcome, GoldenOutcome, LoadOutcome, Report } from './report.ts';
import { runEvaluation } from './run-evaluation.ts';
import { runGolden } from './run-golden.ts';
import { startSluice } from './start-sluice.ts';

export interface ReleaseTestOptions {
  /** Longest wait until the release can be asked. */
  readonly timeoutMs: number;
  /** Ends the test: everything is stopped in order and removed. */
  readonly stop: AbortSignal;
  /** Kills the processes at once. */
  readonly kill: AbortSignal;
}

/** The largest answer of one case. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

interface Outcome {
  readonly load: LoadOutcome;
  readonly golden: readonly GoldenOutcome[];
  readonly evaluation?: EvaluationOutcome | undefined;
}

/** The files of the package as they go into the store. */
const filesOf = async ({ store, release }: Package): Promise<StoredFile[]> => {
  const folder = folderOfRelease(release.model, release.version);
  return (await store.files(folder)).map((path) => ({
    path,
    open: async function* () {
      yield await store.read(`${folder}/${path}`);
    },
  }));
};

/** A running pair of programs over the package, and a client of its door. */
interface Running extends AsyncDisposable {
  readonly door: DoorClient;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Why the release cannot be asked; undefined: it can. */
  readonly reason: string | undefined;
}

/** Publishes the files into a store of their own, starts the programs over it, and waits until the release is loaded. */
const startOver = async (
  { release }: Package,
  files: readonly StoredFile[],
  { timeoutMs, stop, kill }: ReleaseTestOptions,
): Promise<Running> => {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-release-test-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const store = fileStore(`file:${home}/store`);
  await store.createFolder(folderOfRelease(release.model, release.version), files);
  const waiting = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
  const { grpc, lost } = stack.use(await startSluice({ storeUrl: store.url, home, signal: waiting, kill }));
  const address = { address: grpc, packages: loadProtos(), maxAnswerBytes: MAX_ANSWER_BYTES };
  const door = stack.use(openDoorClient(address));
  const reason = await awaitLoaded(door, release, AbortSignal.any([waiting, lost]));
  const opened = stack.move();
  const signal = AbortSignal.any([stop, lost]);
  return { door, signal, reason, [Symbol.asyncDispose]: () => opened.disposeAsync() };
};

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';

/** Asks everything there is to ask. */
const attempt = async (
  given: Package,
  files: readonly StoredFile[],
  options: ReleaseTestOptions,
): Promise<Outcome> => {
  const startedAt = performance.now();
  const loaded = (reason?: string): LoadOutcome => ({
    passed: reason === undefined,
    durationMs: Math.round(performance.now() - startedAt),
    ...(reason !== undefined && { reason }),
  });
  await using stack = new AsyncDisposableStack();
  try {
    const { door, signal, reason } = stack.use(await startOver(given, files, options));
    const load = loaded(reason);
    if (reason !== undefined) return { load, golden: [] };
    const golden: GoldenOutcome[] = [];
    for (const each of given.golden) golden.push(await runGolden(door, given.release, each, signal));
    const evaluation = await runEvaluation(door, given.release, given.rows, signal);
    return { load, golden, evaluation };
  } catch (error) {
    options.stop.throwIfAborted();
    const inVain = `it was not ready within ${options.timeoutMs / 1000} s`;
    return { load: loaded(isTimeout(error) ? inVain : messageOf(error)), golden: [] };
  }
};

/**
 * Tests a package with the programs that will serve it. A runtime that meets a golden case that comes out
 * otherwise does not serve the release: then it is loaded once more without them, so that all can be shown.
 */
export const runReleaseTest = async (given: Package, options: ReleaseTestOptions): Promise<Report> => {
  const { model, version, digest } = given.release;
  const files = await filesOf(given);
  const first = await attempt(given, files, options);
  const isAgain = first.load.reason?.includes('golden case') === true;
  const withoutGolden = files.filter(({ path }) => path !== 'golden.jsonl');
  const outcome = isAgain ? { ...(await attempt(given, withoutGolden, options)), load: first.load } : first;
  return { model, version, digest, passed: hasPassed(outcome), ...outcome };
};

const hasPassed = ({ load, golden, evaluation }: Outcome): boolean =>
  load.passed &&
  golden.every(({ passed }) => passed) &&
  evaluation?.reason === undefined &&
  (evaluation?.metrics ?? []).every(({ passed }) => passed);
