import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import type { Watermark } from './watermark.ts';

/** A record as it is stored, with what became known since. */
export interface StoredPrediction {
  readonly record: Record__Output;
  /** The earliest first. */
  readonly feedback: readonly Feedback__Output[];
}

export interface PredictionQuery {
  readonly model?: string;
  /** An exact version. */
  readonly version?: string;
  /** At or after, and before, in milliseconds since 1970: by the time inside the prediction's id. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly outcome?: 'prediction' | 'refusal' | 'failure';
  readonly code?: string;
  readonly entityId?: string;
  readonly hasFeedback?: boolean;
  readonly synthetic?: boolean;
  readonly pageSize: number;
  /** Of an earlier page of the same query. */
  readonly pageToken?: string;
  /** By time and id; else descending. */
  readonly ascending: boolean;
}

export interface PredictionPage {
  readonly predictions: readonly StoredPrediction[];
  /** undefined: there are no more. */
  readonly nextPageToken: string | undefined;
}

/**
 * Reads what the consumers stored. Each method may be called while the database is away.
 * @throws SluiceError DATABASE_UNAVAILABLE, also for a database whose schema is older or newer than this code's;
 *   INVALID_INPUT for a page token that is none, or of another query
 */
export interface PredictionReader extends AsyncDisposable {
  get(predictionId: string): Promise<StoredPrediction | undefined>;
  list(query: PredictionQuery): Promise<PredictionPage>;
  /** What became known about a prediction, whether it is stored or not. */
  feedback(predictionId: string): Promise<readonly Feedback__Output[]>;
  /** By topic and partition. */
  watermarks(spool: string): Promise<readonly Watermark[]>;
}
