import { nearMiss } from '@sluice/kernel/schema/near-miss';
import { usageFailure } from '../command-failure.ts';
import type { Column } from '../export/column-set.ts';
import type { InputColumn } from './input/input.ts';
import type { Target, TargetFeature } from './target.ts';

export interface ColumnChoice {
  /** Columns by the features that they fill, where the names differ. */
  readonly map: ReadonlyMap<string, string>;
  readonly entityId: string | undefined;
  readonly keep: 'all' | readonly string[];
  readonly ignoreUnknown: boolean;
}

export interface PlannedFeature {
  readonly feature: TargetFeature;
  readonly column: InputColumn;
}

/** What becomes of each column. */
export interface Plan {
  readonly features: readonly PlannedFeature[];
  readonly entityId: InputColumn | undefined;
  readonly kept: readonly InputColumn[];
  /** Whatever they are used for, each once. */
  readonly used: readonly InputColumn[];
  readonly ignoreUnknown: boolean;
}

/** Beside the outputs. */
export const factColumns: readonly Column[] = ['outcome', 'code', 'message', 'prediction_id', 'release'].map(
  (name) => ({ name, kind: 'text' }),
);

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

type Find = (option: string, name: string) => InputColumn;

const finderIn =
  (columns: readonly InputColumn[]): Find =>
  (option, name) => {
    const found = columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    const names = columns.map((column) => column.name);
    const meant = nearMiss(name, names);
    const hint = meant === undefined ? `there are ${quoted(names)}` : `did you mean '${meant}'?`;
    throw usageFailure(`${option}: the input has no column '${name}'; ${hint}`);
  };

const planFeatures = (
  target: Target,
  columns: readonly InputColumn[],
  { map }: ColumnChoice,
  find: Find,
): PlannedFeature[] => {
  const names = target.features.map(({ name }) => name);
  const unknown = [...map.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw usageFailure(
      `--map: ${target.model} ${target.version} has no feature '${unknown}'; it has ${quoted(names)}`,
    );
  return target.features.flatMap((feature) => {
    const mapped = map.get(feature.name);
    const column =
      mapped === undefined ? columns.find(({ name }) => name === feature.name) : find('--map', mapped);
    return column === undefined ? [] : [{ feature, column }];
  });
};

/** Of a file whose rows all have the same columns: no row could be answered. */
const checkRequired = (target: Target, planned: readonly PlannedFeature[]): void => {
  const given = new Set(planned.map(({ feature }) => feature.name));
  const missing = target.features.filter(({ name, required }) => required && !given.has(name));
  if (missing.length === 0) return;
  const names = quoted(missing.map(({ name }) => name));
  throw usageFailure(
    `the input has no columns for features that ${target.model} ${target.version} requires: ${names}; --map feature=column names others`,
  );
};

const checkUnknown = (target: Target, columns: readonly InputColumn[], used: ReadonlySet<string>): void => {
  const unknown = columns.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  if (unknown.length === 0) return;
  throw usageFailure(
    `columns of the input that are no features of ${target.model} ${target.version}: ${quoted(unknown)}; --map, --keep or --entity-id says what they are, --ignore-unknown passes over them`,
  );
};

const checkKept = (kept: readonly InputColumn[], target: Target): void => {
  const own = new Set([...factColumns, ...target.outputs].map(({ name }) => name));
  const clash = kept.find(({ name }) => own.has(name));
  if (clash !== undefined)
    throw usageFailure(
      `--keep: '${clash.name}' is the name of a column of the output too: rename it in the input`,
    );
};

/** @throws CommandFailure USAGE naming the columns that do not fit */
export const planColumns = (target: Target, columns: readonly InputColumn[], choice: ColumnChoice): Plan => {
  const find = finderIn(columns);
  const features = planFeatures(target, columns, choice, find);
  const kept = choice.keep === 'all' ? columns : choice.keep.map((name) => find('--keep', name));
  const entityId = choice.entityId === undefined ? undefined : find('--entity-id', choice.entityId);
  const isByRow = columns.every(({ key }) => typeof key === 'string');
  if (!isByRow) checkRequired(target, features);
  const told = entityId === undefined ? kept : [...kept, entityId];
  const used = [...new Set([...features.map(({ column }) => column), ...told])];
  if (!choice.ignoreUnknown) checkUnknown(target, columns, new Set(used.map(({ name }) => name)));
  checkKept(kept, target);
  return { features, entityId, kept, used, ignoreUnknown: choice.ignoreUnknown };
};
