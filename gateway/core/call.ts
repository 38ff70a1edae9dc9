import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ModelParameters } from '@sluice/kernel/features/name-outputs';
import type { Features } from '@sluice/kernel/features/value';
import type { InferTimings } from '@sluice/kernel/oip/statistics';
import type { Release } from '@sluice/kernel/release/release';
import type { Refusal } from '@sluice/kernel/rules/judge';
import type { SpoolEntry } from '@sluice/kernel/spool/spool';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Resolution } from './resolve-release.ts';
import type { ServedRelease } from './served-release.ts';

/** What a prediction is asked with. */
export type CallInput =
  | { readonly kind: 'tensors'; readonly tensors: readonly Tensor[]; readonly outputs: readonly string[] }
  | { readonly kind: 'features'; readonly features: Features };

/** Whose request it is: a user's; a test's or probe's; or one of the past that is asked once more. */
export type Traffic = 'user' | 'synthetic' | 'replay';

/** What a layer below finds out, for one above that has to tell of failures too. */
export interface Trail {
  resolution?: Resolution;
}

/** One request, decoded at the edge, whichever door it came through. */
export interface Call {
  readonly scope: CallScope;
  /** A UUIDv7. */
  readonly predictionId: string;
  readonly model: string;
  /** A selector; empty: none was asked for. */
  readonly version: string;
  readonly requestId: string;
  readonly entityId: string | undefined;
  /** Lower is more urgent; 0: the default. */
  readonly priority: number;
  /** Microseconds; undefined: not given. */
  readonly timeoutUs: number | undefined;
  readonly traffic: Traffic;
  /** All parameters of the request, those without a meaning too; undefined: there are none. */
  readonly sentParameters?: Features | undefined;
  readonly input: CallInput;
  /** Takes the record in place of the spool: whoever asked stores it. */
  readonly returnRecord?: ((record: SpoolEntry) => void) | undefined;
  /** Failures after which the same is asked once more, under the same id: they are not recorded. */
  readonly isRetried?: ((error: SluiceError) => boolean) | undefined;
}

/** Below `deadline`: when the answer is due, in milliseconds of performance.now(). */
export interface TimedCall extends Call {
  readonly dueAt: number;
  readonly trail: Trail;
}

/** Below `resolve`: the one release that is to answer. */
export interface ResolvedCall extends TimedCall {
  readonly served: ServedRelease;
  /** The revision's values that the manifest may refer to. */
  readonly parameters: ModelParameters;
  /** What the caller is to be told beside the answer. */
  readonly warnings: readonly string[];
}

/** Below `encode`: tensors in the signature's order. */
export interface EncodedCall extends ResolvedCall {
  readonly tensors: readonly Tensor[];
  /** Names of the wanted outputs; empty: all. */
  readonly outputs: readonly string[];
}

/** What a runtime answered. */
export interface Computed {
  readonly outputs: readonly Tensor[];
  readonly timings: InferTimings;
}

/** Below `rules`: what was computed, or why nothing was. */
export type Judged =
  | { readonly refusal: Refusal }
  | (Computed & {
      /** What rules on outputs may name beside these: the features of each row. Only where there are such rules. */
      readonly rows?: readonly Features[];
    });

/** How a request came out, if it did not fail. */
export type Outcome =
  | {
      readonly kind: 'prediction';
      /** By the manifest's names; undefined where the caller asked with tensors. */
      readonly named: Features | undefined;
    }
  | ({ readonly kind: 'refusal' } & Refusal);

/** What a door answers. */
export interface Answer {
  readonly predictionId: string;
  readonly release: Release;
  readonly outcome: Outcome;
  /** None where the outcome is a refusal. */
  readonly tensors: readonly Tensor[];
  /** undefined: nothing was computed, since a rule refused the input. */
  readonly timings: InferTimings | undefined;
  /** What the caller is told beside the answer: that the release is deprecated. */
  readonly warnings: readonly string[];
  /** From the edge, in milliseconds. */
  readonly totalMs: number;
}
