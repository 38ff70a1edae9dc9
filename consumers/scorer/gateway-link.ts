import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Message } from '@sluice/kernel/event-log/event-log';
import type { Features } from '@sluice/kernel/features/value';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { StreamShare } from '@sluice/protos/gen/sluice/v1/StreamShare';

/** What the events of one stream have in common. */
export interface Binding {
  readonly stream: string;
  readonly model: string;
  /** A selector; empty: the model's default. */
  readonly version: string;
  /** Whether records come back with the answers, for a transaction, in place of being spooled. */
  readonly returnsRecord: boolean;
  /** Past events that are scored once more: neither recorded nor counted. */
  readonly isReplay: boolean;
  /** Lower is more urgent; 0: the default. */
  readonly priority: number;
}

/** One event that is to be scored. */
export interface ScoreRequest {
  readonly predictionId: string;
  /** Empty: none. */
  readonly entityId: string;
  /** Empty: none. */
  readonly requestId: string;
  readonly features: Features;
  /** undefined: none. */
  readonly parameters: Features | undefined;
  readonly trace: TraceText;
  /** From now, in milliseconds. */
  readonly deadlineMs: number;
  /** The last attempt: a failure that says the event may be at fault is recorded then, and only then. */
  readonly isLast: boolean;
}

/** What the gateway answered. */
export interface Scored {
  readonly release: ReleaseName;
  readonly outcome:
    | { readonly kind: 'prediction'; readonly outputs: Features }
    | { readonly kind: 'refusal'; readonly code: string; readonly message: string };
  readonly warnings: readonly string[];
  /** Of the gateway's span; empty: it is not traced. */
  readonly traceparent: string;
  /** For sluice.predictions.v1, whole with its headers; undefined: none is to be stored here. */
  readonly record: Message | undefined;
}

/** A gateway's error, which may have a record as an answer has. */
export class Unscored extends SluiceError {
  readonly record: Message | undefined;

  constructor(error: SluiceError, record: Message | undefined) {
    const { retryAfterMs } = error;
    super(error.code, error.message, {
      violations: error.violations,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    this.record = record;
  }
}

/** Told once what became of an event. A promise of each would take more than all else that is kept of it. */
export interface Asker {
  scored(scored: Scored): void;
  /**
   * Unscored as the gateway says; SluiceError UNAVAILABLE when no gateway could be reached until the deadline;
   * INVALID_INPUT for what no gateway could be sent; CANCELLED after the model was disposed of.
   */
  failed(error: SluiceError): void;
}

/** The model of a stream, as one partition's work uses it. Disposing of it cancels what is under way. */
export interface BoundModel extends Disposable {
  /** Waits while no gateway takes more, up to the deadline. The asker may be told before this returns. */
  score(request: ScoreRequest, asker: Asker): void;
}

/** The way to the gateways: a link to each, the least busy one that is ready gets the next event. */
export interface GatewayLink extends AsyncDisposable {
  bind(binding: Binding): BoundModel;
  /** Tells all gateways what this scorer does. */
  report(streams: readonly StreamShare[]): void;
  /** Why nothing can be scored; undefined: something can. */
  notReady(): string | undefined;
}
