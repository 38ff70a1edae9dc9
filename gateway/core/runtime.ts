import type { ReleaseName } from '@sluice/kernel/release/release';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Computed } from './call.ts';

/** How a runtime announced a release. Only what is READY is sent to it. */
export interface Held {
  readonly handle: number;
  readonly digest: string;
  readonly state: 'LOADING' | 'READY' | 'UNLOADED' | 'UNAVAILABLE' | 'IN_CELL' | 'QUARANTINED' | 'ON_DEMAND';
  readonly reason: string;
}

/** One request for a runtime. */
export interface RuntimeRequest {
  readonly release: ReleaseName;
  readonly handle: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
  /** Milliseconds of performance.now(). */
  readonly dueAt: number;
  readonly priority: number;
  readonly trace: TraceText;
  /** True: another runtime had it before; it is sent to no third one. */
  readonly again: boolean;
}

/** Whatever computes releases: a runtime, or another server that manifests name. */
export interface ReleaseServer {
  /** In messages, log lines and labels. */
  readonly address: string;
  /** Connected, announced, and not stopping. */
  readonly available: boolean;
  /** Requests that it has and has not answered. */
  readonly inFlight: number;
  held(release: Pick<ReleaseName, 'model' | 'version'>): Held | undefined;
  /**
   * @throws RuntimeLost when the connection broke before the answer; RuntimeStalled when it was abandoned;
   *   SluiceError otherwise, that of the signal's reason when it was aborted.
   */
  infer(request: RuntimeRequest, signal: AbortSignal): Promise<Computed>;
}

/**
 * One that dispatch can choose among others. Whoever has such runtimes hands them to the Balancer, and
 * again (`Balancer.update`) whenever `available` or what `held` says has changed; between two updates
 * the Balancer may rely on both.
 */
export interface Runtime extends ReleaseServer {
  /**
   * Since when it owes answers and has given none, in milliseconds of performance.now(). Undefined: it
   * owes nothing, or its silence says nothing (somebody else watches it, or long answers are its nature).
   */
  readonly silentSince: number | undefined;
  /** KiB of releases that it may load beside those that are; undefined: it loads nothing. */
  readonly roomKib: number | undefined;
  /**
   * Has it load a release, unless it is loaded.
   * @throws RuntimeLost, or SluiceError with the runtime's reason.
   */
  load(release: ReleaseName): Promise<void>;
  /** Takes back those of its unanswered requests that `takes` wants: they fail with RuntimeStalled at once. */
  abandon(takes: (request: RuntimeRequest) => boolean): void;
}

/** The link broke while a request was under way. */
export class RuntimeLost extends Error {
  override readonly name = 'RuntimeLost';
  /** What callers may be told about it; empty: nothing that they would understand. */
  readonly told: string;

  constructor(message: string, told = '') {
    super(message);
    this.told = told;
  }
}

/** A request was taken back from a runtime that had stopped answering. */
export class RuntimeStalled extends Error {
  override readonly name = 'RuntimeStalled';
}
