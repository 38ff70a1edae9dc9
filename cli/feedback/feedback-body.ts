/** Feedback as the gateway takes it: proto3 JSON of sluice.v1.Feedback. */
export interface FeedbackBody {
  readonly feedbackId?: string;
  readonly predictionId?: string;
  readonly entityId?: string;
  readonly entityTime?: string;
  readonly model?: string;
  readonly label?: unknown;
  readonly reward?: number;
  readonly correction?: Readonly<Record<string, unknown>>;
  readonly comment?: string;
  readonly author?: string;
  readonly time?: string;
}

/** Whether it says anything. */
export const saysSomething = ({ label, reward, correction, comment }: FeedbackBody): boolean =>
  [label, reward, correction, comment].some((value) => value !== undefined);
