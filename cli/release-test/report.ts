import type { MetricName } from '@sluice/kernel/evaluation/metric-names';

/** What came of a package's test, as `--output json` prints it. */
export interface Report {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly passed: boolean;
  readonly load: LoadOutcome;
  readonly golden: readonly GoldenOutcome[];
  readonly evaluation?: EvaluationOutcome | undefined;
}

export interface LoadOutcome {
  readonly passed: boolean;
  /** From the start of the processes until the release could be asked. */
  readonly durationMs: number;
  /** Why it could not be loaded. */
  readonly reason?: string;
}

export interface GoldenOutcome {
  readonly name: string;
  readonly passed: boolean;
  /** Of all expected numbers, how far the farthest was off; in the unit of its output. */
  readonly difference?: number;
  /** The code of the rule that refused, as it should. */
  readonly refusal?: string;
  /** What was expected and what came, where they do not agree. */
  readonly reason?: string;
}

export interface EvaluationOutcome {
  readonly dataset?: string | undefined;
  /** Where the values of the gate come from: the dataset, or what the manifest declares. */
  readonly from: 'measured' | 'declared';
  /** Rows that were measured. */
  readonly rows: number;
  /** Rows that a rule refused, by its code; they are not measured. */
  readonly refused: Readonly<Record<string, number>>;
  readonly metrics: readonly MetricOutcome[];
  /** Why nothing could be measured. */
  readonly reason?: string;
}

export interface MetricOutcome {
  readonly metric: MetricName;
  readonly declared: number;
  readonly measured?: number;
  /** The bound of the gate; none: whatever it is, it passes. */
  readonly gate?: string;
  readonly passed: boolean;
}
