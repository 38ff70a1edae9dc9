import { type Compiled, compileExpression, type Expression } from '../expressions/compile-expression.ts';
import { createLanguage } from '../expressions/language.ts';
import type { Names } from '../expressions/names.ts';
import type { Features, FeatureValue } from '../features/value.ts';

/** What a filter names. */
export interface FilterValues {
  /** The whole event. */
  readonly event: Features;
  /** Of the event, as text; empty: it has none. */
  readonly key: string;
  /** Of headers of one name the last. */
  readonly headers: Features;
  readonly topic: string;
  readonly timestamp_ms: number;
}

/** Which events of a stream are scored. */
export interface Filter {
  /** Names of FilterValues; the others are not looked at. */
  readonly reads: ReadonlySet<string>;
  /**
   * Whether the event is to be scored. What it reads must be there.
   * @throws Error that says why it cannot be told: a field that is not there and was not asked for by `has`, a
   *   comparison of what cannot be compared, or an event with more values than the filter may look through
   */
  readonly accepts: (values: Partial<FilterValues>) => boolean;
}

/** About 30 milliseconds, were an event made to be as dear as it can be. */
const maxSteps = 1_000_000;
/** Sizes of events for which the steps are reckoned, in values. */
const sizes = [1_000_000, 300_000, 100_000, 30_000, 10_000, 3_000, 1_000, 300, 100];
/** Looking through so many characters of a text counts as one value. */
const charactersOfValue = 32;

const namesFor = (maxItems: number): Names => ({
  variables: {
    event: { kind: 'any', maxItems },
    key: { kind: 'string' },
    headers: { kind: 'any', maxItems },
    topic: { kind: 'string' },
    timestamp_ms: { kind: 'number' },
  },
  constants: {},
});

/** How many are left of so many values after those in `value`; below 0: it has more. */
const valuesLeft = (value: FeatureValue, left: number): number => {
  if (typeof value === 'string') return left - 1 - Math.floor(value.length / charactersOfValue);
  if (typeof value !== 'object' || value === null) return left - 1;
  let rest = left - 1;
  for (const each of Object.values(value)) {
    if (rest < 0) return rest;
    rest = valuesLeft(each, rest);
  }
  return rest;
};

/** The same, and what lies in it, with Maps for objects. */
const asMaps = (value: FeatureValue | undefined): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asMaps);
  return new Map(Object.entries(value).map(([name, each]) => [name, asMaps(each)]));
};

const tooLarge = (maxValues: number): Error =>
  new Error(`the event has more than ${maxValues} values, too many for what the filter does with them`);

const filterOf = ({ evaluate, reads }: Expression, maxValues: number): Filter => ({
  reads,
  accepts: (values) => {
    if (maxValues < Number.POSITIVE_INFINITY)
      for (const given of [values.event ?? {}, values.headers ?? {}])
        if (valuesLeft(given, maxValues) < 0) throw tooLarge(maxValues);
    try {
      return evaluate(values) === true;
    } catch {
      // The library tells types by `constructor`, and an event may have a field of that name; of a Map it sees the type.
      return evaluate({ ...values, event: asMaps(values.event), headers: asMaps(values.headers) }) === true;
    }
  },
});

/**
 * Compiles the filter of a stream: a CEL expression that gives a boolean. `event` and `headers` may have any shape;
 * `has(event.a)` says whether a field is there, reading one that is not there is a failure.
 * The more often a filter goes through them, the smaller are the events that it takes.
 */
export const compileFilter = (text: string): Compiled<Filter> => {
  const language = createLanguage(namesFor(0));
  const compiledFor = (maxItems: number) =>
    compileExpression(text, { ...language, names: namesFor(maxItems) }, ['boolean']);
  const least = compiledFor(0);
  if ('error' in least) return least;
  for (const size of sizes) {
    const compiled = compiledFor(size);
    if ('error' in compiled) return compiled;
    const { value } = compiled;
    if (value.steps > maxSteps) continue;
    return { value: filterOf(value, value.steps === least.value.steps ? Number.POSITIVE_INFINITY : size) };
  }
  return {
    error: `for an event of ${sizes.at(-1)} values it would take more than ${maxSteps} steps; expected fewer loops within loops`,
  };
};
