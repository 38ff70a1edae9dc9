import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import type { Watermark } from './watermark.ts';

/** Where a message came from; undefined: from no spool of ours. */
export interface SpoolPlace extends Watermark {
  readonly spool: string;
}

/** A record as a consumer received it. */
export interface ReceivedRecord {
  readonly record: Record__Output;
  /** The message's value: a Record of protobuf. */
  readonly bytes: Buffer;
  readonly place: SpoolPlace | undefined;
}

export interface ReceivedFeedback {
  readonly feedback: Feedback__Output;
  readonly place: SpoolPlace | undefined;
}

/** How many of a batch of feedback came to what. */
export interface FeedbackCounts {
  readonly joined: number;
  /** Their prediction is not there yet. */
  readonly waiting: number;
  /** They were there already. */
  readonly repeated: number;
}

export interface ExpiredFeedback {
  readonly feedbackId: string;
  readonly predictionId: string;
  readonly entityId: string;
}

/**
 * Writes what the consumers received. Each call is one transaction, which also moves the watermarks of the places; what
 * is stored already is left as it is, so that any call may be repeated.
 * @throws SluiceError DATABASE_UNAVAILABLE
 */
export interface RecordStore extends AsyncDisposable {
  /** Also joins the feedback that waits for these predictions. Returns how many were new. */
  storePredictions(batch: readonly ReceivedRecord[]): Promise<number>;
  storeFeedback(batch: readonly ReceivedFeedback[]): Promise<FeedbackCounts>;
  /** Gives up feedback that has waited since before this time, and returns some of what it gave up; [] : none is left. */
  expireFeedback(receivedBeforeMs: number): Promise<readonly ExpiredFeedback[]>;
  /** Removes whole days of a model that ended before this time; returns the days that were removed. */
  dropBefore(model: string, beforeMs: number): Promise<readonly string[]>;
  /** Models with stored records. */
  models(): Promise<readonly string[]>;
}
