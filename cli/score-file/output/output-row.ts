import type { Column } from '../../export/column-set.ts';
import type { Slot, Value } from '../row.ts';

const prefix = 'output.';

const cellOf = (value: unknown): Value => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | boolean);
};

/** The value of `output.interval.lower`, wherever the dots stand. */
const valueAt = (outputs: unknown, path: string): unknown => {
  if (typeof outputs !== 'object' || outputs === null) return undefined;
  const fields = outputs as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(fields, path)) return fields[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const found = valueAt(fields[path.slice(0, dot)], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
};

const factsOf = ({ outcome }: Slot): Value[] => {
  if (outcome === undefined) return [];
  if (outcome.kind === 'error') return [outcome.kind, outcome.code, outcome.message, null, null];
  const { kind, predictionId, version } = outcome;
  if (kind === 'prediction') return [kind, null, null, predictionId, version];
  return [kind, outcome.code, outcome.message, predictionId, version];
};

/** The cells of a row: what is kept, what came of it, and the outputs, in the order of the columns. */
export const outputRow = (outputs: readonly Column[]) => {
  const paths = outputs.map(({ name }) => name.slice(prefix.length));
  return (slot: Slot): Value[] => {
    const values = [...slot.kept, ...factsOf(slot)];
    const { outcome } = slot;
    const answered = outcome?.kind === 'prediction' ? outcome.outputs : undefined;
    for (const path of paths) values.push(answered === undefined ? null : cellOf(valueAt(answered, path)));
    return values;
  };
};
