import type { Release } from '../release/release.ts';
import type { CallScope } from '../telemetry/call-scope.ts';
import type { InferRequest } from './decode-request.ts';
import type { InferResponse } from './encode-response.ts';
import type { Statistics } from './statistics.ts';

/** One line of the repository index. */
export interface IndexEntry {
  readonly model: string;
  readonly version: string;
  readonly state: 'LOADING' | 'READY' | 'UNLOADING' | 'UNAVAILABLE';
  readonly reason: string;
}

/** What stands behind a door that speaks the Open Inference Protocol. Every method may throw a SluiceError. */
export interface InferenceBackend {
  infer(request: InferRequest, scope: CallScope): Promise<InferResponse>;
  /** Whether the process can answer. */
  ready(): boolean;
  /** The release that a name and a version (empty: none given) stand for; a gateway takes selectors too. */
  find(model: string, version: string): Promise<Release>;
  isReady(release: Release): boolean;
  /** Versions of a model, highest first. */
  versions(model: string): readonly string[];
  index(): readonly IndexEntry[];
  load(model: string): Promise<void>;
  unload(model: string): Promise<void>;
  readonly statistics: Statistics;
}
