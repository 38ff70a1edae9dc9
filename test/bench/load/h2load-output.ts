import { percentile } from '../statistics.ts';

/** What h2load prints at its end. */
export interface Summary {
  readonly perSecond: number;
  readonly done: number;
  /** Requests that had no answer at all, or one of HTTP 4xx or 5xx. */
  readonly failed: number;
  /** Of bodies, without HTTP's frames. */
  readonly dataBytes: number;
}

const numberIn = (output: string, pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN);

/** Undefined: h2load did not come to its end. */
export const readSummary = (output: string): Summary | undefined => {
  const count = (word: string): number => numberIn(output, new RegExp(`^requests:.* (\\d+) ${word}`, 'm'));
  const summary = {
    perSecond: numberIn(output, /^finished in [^,]+, ([\d.]+) req\/s/m),
    done: count('done'),
    failed: count('failed') + count('timeout'),
    dataBytes: numberIn(output, /^traffic:.*\((\d+)\) data$/m),
  };
  return Object.values(summary).some(Number.isNaN) ? undefined : summary;
};

export interface Latency {
  readonly p50Us: number;
  readonly p99Us: number;
}

/** Reads `--log-file`: a line a request with its start, its status and how many µs it took, tab-separated. */
export const readLatency = (log: string): Latency => {
  const lines = log.split('\n').filter((line) => line !== '');
  const durations = Float64Array.from(lines, (line) => Number(line.slice(line.lastIndexOf('\t') + 1))).sort();
  return { p50Us: percentile(durations, 0.5), p99Us: percentile(durations, 0.99) };
};
