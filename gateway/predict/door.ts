import type { Tracer } from '@opentelemetry/api';
import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { GatewayConfig } from '../config.ts';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import type { Predictions } from '../records/predictions.ts';
import type { Streams } from '../streams/streams.ts';
import type { ModelsOptions } from './describe-models.ts';

/** What every door is made of. */
export interface DoorOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly tracer: Tracer;
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
  /** Why the gateway is not ready; undefined: it is. */
  readonly notReady: () => string | undefined;
  /** The road of a request. */
  readonly handle: Handler<Call, Answer>;
  /** The same road and the repository, as the Open Inference Protocol sees them. */
  readonly backend: InferenceBackend;
  readonly models: ModelsOptions;
  readonly predictions: Predictions;
  readonly streams: Streams;
}

/** A door that is open. */
export interface Door extends AsyncDisposable {
  readonly port: number;
}
