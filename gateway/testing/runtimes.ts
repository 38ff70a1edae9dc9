import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Computed } from '../core/call.ts';
import { type Held, type Runtime, type RuntimeRequest, RuntimeStalled } from '../core/runtime.ts';
import { computed } from './calls.ts';

/** A runtime in memory, as the dispatcher sees one. */
export interface TestRuntime extends Runtime {
  available: boolean;
  inFlight: number;
  silentSince: number | undefined;
  /** What it was asked. */
  readonly asked: RuntimeRequest[];
}

export interface TestRuntimeOptions {
  readonly held?: Partial<Held> | null;
  readonly available?: boolean;
  readonly inFlight?: number;
  /** None: it refuses. */
  readonly load?: (release: ReleaseName) => Promise<void>;
  readonly infer?: (request: RuntimeRequest, signal: AbortSignal) => Promise<Computed>;
}

const refuseToLoad = (): Promise<never> =>
  Promise.reject(new SluiceError('RELEASE_UNAVAILABLE', 'it is not for this runtime'));

/** By default it holds every release READY under handle 1 with the test release's digest, and answers at once. */
export const testRuntime = (address: string, options: TestRuntimeOptions = {}): TestRuntime => {
  const {
    held,
    available = true,
    inFlight = 0,
    infer = async () => computed(),
    load = refuseToLoad,
  } = options;
  const announced: Held = { handle: 1, digest: 'sha256:1', state: 'READY', reason: '', ...held };
  const asked: RuntimeRequest[] = [];
  const waiting = new Map<RuntimeRequest, (error: Error) => void>();
  return {
    address,
    available,
    inFlight,
    silentSince: undefined,
    roomKib: 0,
    load,
    asked,
    held: () => (held === null ? undefined : announced),
    infer: (request, signal) => {
      asked.push(request);
      const { promise, resolve, reject } = Promise.withResolvers<Computed>();
      waiting.set(request, reject);
      infer(request, signal).then(resolve, reject);
      return promise.finally(() => waiting.delete(request));
    },
    abandon: (takes) => {
      for (const [request, reject] of waiting)
        if (takes(request)) reject(new RuntimeStalled('the runtime stopped answering'));
    },
  };
};
