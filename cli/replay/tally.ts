import { type CategoryReport, type CategoryTally, createCategoryTally } from './category-tally.ts';
import { type Comparison, isChange, type Verdict } from './compare-outcomes.ts';
import { createNumberTally, type NumberReport, type NumberTally } from './number-tally.ts';

type Counts = Readonly<Record<string, number>>;

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
  /** Codes of those that are newly refused, and newly failing. */
  readonly refusals: Counts;
  readonly failures: Counts;
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
  /** Of a refusal or a failure now; else empty. */
  readonly code: string;
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

/** Gathers comparisons in memory that does not grow with their number. */
export const createTally = ({ tolerance, largest, random }: TallyOptions): Tally => {
  const verdicts = { same: 0, different: 0, newlyRefused: 0, newlyFailing: 0, newlyAnswered: 0 };
  const [skipped, recorded] = [new Map<string, number>(), new Map<string, number>()];
  const [refusals, failures] = [new Map<string, number>(), new Map<string, number>()];
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
    add: ({ predictionId, recorded: version, comparison, code }) => {
      verdicts[comparison.verdict] += 1;
      increase(recorded, version);
      if (comparison.verdict === 'newlyRefused') increase(refusals, code);
      if (comparison.verdict === 'newlyFailing') increase(failures, code);
      addChanges(predictionId, comparison);
    },
    report: (about) => ({
      ...about,
      recorded: Object.fromEntries(recorded),
      compared: Object.values(verdicts).reduce((sum, count) => sum + count, 0),
      ...verdicts,
      skipped: Object.fromEntries(skipped),
      refusals: Object.fromEntries(refusals),
      failures: Object.fromEntries(failures),
      numbers: [...numbers.values()].map((each) => each.report()),
      categories: [...categories.values()].map((each) => each.report()),
    }),
  };
};
