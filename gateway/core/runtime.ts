import type { ReleaseName } from '@sluice/kernel/release/release';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Computed } from './call.ts';

/** How a runtime announced a release. */
export interface Held {
  readonly handle: number;
  readonly digest: string;
  readonly state: 'LOADING' | 'READY' | 'UNLOADED' | 'UNAVAILABLE';
  readonly reason: string;
}

/** One entry for the link. */
export interface RuntimeRequest {
  readonly release: ReleaseName;
  readonly handle: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
  /** Milliseconds of performance.now(). */
  readonly dueAt: number;
  readonly priority: number;
  readonly trace: TraceText;
}

/** A runtime as the dispatcher sees it. */
export interface Runtime {
  readonly address: string;
  /** Connected, announced, and not stopping. */
  readonly available: boolean;
  /** Requests that it has and has not answered. */
  readonly inFlight: number;
  held(release: Pick<ReleaseName, 'model' | 'version'>): Held | undefined;
  /**
   * @throws RuntimeLost when the link broke before the answer; SluiceError otherwise, that of the
   *   signal's reason when it was aborted.
   */
  infer(request: RuntimeRequest, signal: AbortSignal): Promise<Computed>;
}

/** The link broke while a request was under way. */
export class RuntimeLost extends Error {
  override readonly name = 'RuntimeLost';
}
