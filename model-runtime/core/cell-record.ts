/** What the ends of a release's cells say about the release. */
export interface CellRecord {
  /** A cell ended, and no batch was completed since. */
  readonly suspected: boolean;
  /** The wait before the last replacement; 0: none was needed yet. */
  readonly delayMs: number;
}

/** Replaced after `afterMs`; undefined: two ends in a row, the release is put in quarantine. */
export interface Verdict {
  readonly record: CellRecord;
  readonly afterMs: number | undefined;
}

export const cleanRecord: CellRecord = { suspected: false, delayMs: 0 };

const firstDelayMs = 100;
const maxDelayMs = 10_000;
/** A cell that served for so long is forgiven what was before it. */
const goodLifeMs = 30_000;

/** A batch was completed, by whichever cell of the release. */
export const afterBatch = (record: CellRecord): CellRecord =>
  record.suspected ? { ...record, suspected: false } : record;

/** A cell crashed or hung after a life of `livedMs`. */
export const afterEnd = (record: CellRecord, livedMs: number): Verdict => {
  const delayMs =
    record.delayMs === 0 || livedMs >= goodLifeMs ? firstDelayMs : Math.min(record.delayMs * 2, maxDelayMs);
  return { record: { suspected: true, delayMs }, afterMs: record.suspected ? undefined : delayMs };
};
