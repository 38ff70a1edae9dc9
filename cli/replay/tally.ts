import { type CategoryReport, type CategoryTally, createCategoryTally } from './category-tally.ts';
import { type Comparison, isChange, type Verdict } from './compare-outcomes.ts';
import { createNumberTally, type NumberReport, type NumberTally } from './number-tally.ts';
import type { Outcome } from './outcome.ts';

type Counts = Readonly<Record<string, number>>;

/** Why so many have no answer any more. */
export interface Reason {
  readonly verdict: 'newlyRefused' | 'newlyFailing';
  readonly code: string;
  readonly count: number;
  /** One of them, and what was said about it. */
  readonly predictionId: string;
  readonly message: string;
}

/** What another release makes of recorded inputs. */
export interface ReplayReport extends Readonly<Record<Verdict, number>> {
  readonly model: string;
  readonly release: string;
  readonly from: string;
  readonly to: string;
  /** The releases whose answers were recorded, with how many were compared. */
  readonly recorded: Counts;
  readonly compared: number;
  /** By reason. */
  readonly skipped: Counts;
  /** Of those that are newly refused and newly failing. */
  readonly reasons: readonly Reason[];
  readonly numbers: readonly NumberReport[];
  readonly categories: readonly CategoryReport[];
}

export interface TallyOptions {
  readonly tolerance: number;
  /** Of the largest cases, for each number. */
  readonly largest: number;
  readonly random: () => number;
}

export interface Replayed {
  readonly predictionId: string;
  /** The release that answered then. */
  readonly recorded: string;
  readonly comparison: Comparison;
  readonly outcome: Outcome;
}

export interface Tally {
  readonly skip: (reason: string) => void;
  readonly add: (replayed: Replayed) => void;
  readonly report: (about: Pick<ReplayReport, 'model' | 'release' | 'from' | 'to'>) => ReplayReport;
}

const increase = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

const getOr = <V>(map: Map<string, V>, name: string, make: () => V): V => {
  const value = map.get(name) ?? make();
  map.set(name, value);
  return value;
};

const countReason = (reasons: Map<string, Reason>, { predictionId, comparison, outcome }: Replayed): void => {
  const { verdict } = comparison;
  if (outcome.kind === 'prediction' || (verdict !== 'newlyRefused' && verdict !== 'newlyFailing')) return;
  const { code, message } = outcome;
  const key = `${verdict} ${code}`;
  const { count, ...rest } = reasons.get(key) ?? { verdict, code, count: 0, predictionId, message };
  reasons.set(key, { ...rest, count: count + 1 });
};

/** Gathers comparisons in memory that does not grow with their number. */
export const createTally = ({ tolerance, largest, random }: TallyOptions): Tally => {
  const verdicts = { same: 0, different: 0, newlyRefused: 0, newlyFailing: 0, newlyAnswered: 0 };
  const [skipped, recorded] = [new Map<string, number>(), new Map<string, number>()];
  const reasons = new Map<string, Reason>();
  const numbers = new Map<string, NumberTally>();
  const categories = new Map<string, CategoryTally>();
  const addChanges = (predictionId: string, { changes }: Comparison): void => {
    for (const change of changes) {
      const { output } = change;
      if (change.kind === 'category')
        getOr(categories, output, () => createCategoryTally(output)).add(
          predictionId,
          change.from,
          change.to,
        );
      else
        getOr(numbers, output, () => createNumberTally(output, largest, random)).add(
          predictionId,
          change.from,
          change.to,
          isChange(change, tolerance),
        );
    }
  };
  return {
    skip: (reason) => increase(skipped, reason),
    add: (replayed) => {
      const { predictionId, recorded: version, comparison } = replayed;
      verdicts[comparison.verdict] += 1;
      increase(recorded, version);
      countReason(reasons, replayed);
      addChanges(predictionId, comparison);
    },
    report: (about) => ({
      ...about,
      recorded: Object.fromEntries(recorded),
      compared: Object.values(verdicts).reduce((sum, count) => sum + count, 0),
      ...verdicts,
      skipped: Object.fromEntries(skipped),
      reasons: [...reasons.values()].sort((a, b) => b.count - a.count),
      numbers: [...numbers.values()].map((each) => each.report()),
      categories: [...categories.values()].map((each) => each.report()),
    }),
  };
};
