import { type Bin, histogramOf } from './histogram.ts';
import { createReservoir, quantileOf } from './reservoir.ts';

/** A prediction whose output changed much. */
export interface Case {
  readonly predictionId: string;
  readonly from: number;
  readonly to: number;
  /** to - from. */
  readonly change: number;
}

/** How an output that is a number changed. */
export interface NumberReport {
  readonly output: string;
  readonly compared: number;
  /** By more than the tolerance. */
  readonly changed: number;
  /** Of the size of the change, up or down. */
  readonly size: {
    readonly p0: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p100: number;
    readonly mean: number;
  };
  /** Up less down: where it moves on the whole. */
  readonly meanChange: number;
  /** Of the change, up and down. */
  readonly histogram: readonly Bin[];
  /** The greatest first. */
  readonly largest: readonly Case[];
}

export interface NumberTally {
  readonly add: (predictionId: string, from: number, to: number, isChanged: boolean) => void;
  readonly report: () => NumberReport;
}

/** Changes that quantiles and histogram are made of; beyond it they are those of a sample. */
export const maxKeptChanges = 100_000;

const keepLargest = (largest: Case[], each: Case, most: number): void => {
  const size = Math.abs(each.change);
  const place = largest.findIndex(({ change }) => Math.abs(change) < size);
  if (place === -1 && largest.length >= most) return;
  largest.splice(place === -1 ? largest.length : place, 0, each);
  if (largest.length > most) largest.pop();
};

/** @param most of the largest cases that are kept */
export const createNumberTally = (output: string, most: number, random: () => number): NumberTally => {
  const changes = createReservoir(maxKeptChanges, random);
  const largest: Case[] = [];
  let [changed, sum, sizes, least, greatest] = [0, 0, 0, Number.POSITIVE_INFINITY, 0];
  return {
    add: (predictionId, from, to, isChanged) => {
      const change = to - from;
      const size = Math.abs(change);
      changes.add(change);
      [sum, sizes] = [sum + change, sizes + size];
      [least, greatest] = [Math.min(least, size), Math.max(greatest, size)];
      if (!isChanged) return;
      changed += 1;
      keepLargest(largest, { predictionId, from, to, change }, most);
    },
    report: () => {
      const compared = changes.count();
      const sorted = changes.values().map(Math.abs);
      sorted.sort((a, b) => a - b);
      const at = (part: number): number => quantileOf(sorted, part);
      return {
        output,
        compared,
        changed,
        size: {
          p0: least,
          p50: at(0.5),
          p90: at(0.9),
          p99: at(0.99),
          p100: greatest,
          mean: sizes / compared,
        },
        meanChange: sum / compared,
        histogram: histogramOf(changes.values()),
        largest,
      };
    },
  };
};
