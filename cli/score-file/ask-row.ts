import type { ByteWriter } from '@sluice/kernel/protobuf/byte-writer';
import { featureOfText, keptValue } from './cell-value.ts';
import type { Fields, InputRow } from './input/input.ts';
import type { Plan, PlannedFeature } from './plan.ts';
import type { Outcome, Slot, Value } from './row.ts';
import type { RequestEncoder } from './wire/encode-request.ts';
import { type FieldName, fieldName, numbersWriter, putField } from './wire/encode-value.ts';

interface Known {
  readonly name: FieldName;
  readonly read: (fields: Fields) => unknown;
}

const knownOf = ({ feature, column: { key, kind } }: PlannedFeature): Known => ({
  name: fieldName(feature.name),
  read: (fields) => {
    const value = fields[key];
    return kind === 'text' && typeof value === 'string' ? featureOfText(value, feature.type) : value;
  },
});

/** Appends the features that have columns: where all those that should be numbers are, they are written at once. */
const putKnown = ({ features }: Plan) => {
  const numbers = features.filter(({ feature }) => feature.type === 'number').map(knownOf);
  const others = features.filter(({ feature }) => feature.type !== 'number').map(knownOf);
  const values = new Float64Array(numbers.length);
  const putNumbers = numbersWriter(numbers.map(({ name }) => name));
  const areNumbers = (fields: Fields): boolean =>
    numbers.every(({ read }, index) => {
      const value = read(fields);
      if (typeof value !== 'number') return false;
      values[index] = value;
      return true;
    });
  const put = (known: readonly Known[], fields: Fields, out: ByteWriter): void => {
    for (const { name, read } of known) {
      const value = read(fields);
      if (value !== undefined) putField(out, name, value);
    }
  };
  return (fields: Fields, out: ByteWriter): void => {
    if (areNumbers(fields)) putNumbers(out, values);
    else put(numbers, fields, out);
    put(others, fields, out);
  };
};

/** Appends what only a row of a .jsonl file has: the gateway says that it is no feature. */
const putOthers = (known: ReadonlySet<number | string>) => (fields: Fields, out: ByteWriter) => {
  for (const name of Object.keys(fields)) if (!known.has(name)) putField(out, fieldName(name), fields[name]);
};

const putFeatures = (plan: Plan) => {
  const known = putKnown(plan);
  const keys = new Set(plan.used.map(({ key }) => key));
  const isByRow = plan.used.some(({ key }) => typeof key === 'string');
  if (plan.ignoreUnknown || !isByRow) return known;
  const others = putOthers(keys);
  return (fields: Fields, out: ByteWriter): void => {
    known(fields, out);
    others(fields, out);
  };
};

/** Makes rows of the input ones that can be asked about. */
export const rowAsker = (plan: Plan, encoder: RequestEncoder, run: string) => {
  const put = putFeatures(plan);
  const { entityId, kept } = plan;
  const ask = (fields: Fields, row: number): void => {
    const entity = entityId === undefined ? null : keptValue(fields[entityId.key], entityId.kind);
    encoder.add(`${run}${row}`, entity === null ? '' : String(entity), (out) => put(fields, out));
  };
  const keptOf = (fields: Fields | undefined): Value[] =>
    kept.map(({ key, kind }) => (fields === undefined ? null : keptValue(fields[key], kind)));
  return (rows: readonly InputRow[], first: number): Slot[] => {
    rows.forEach(({ fields }, index) => {
      if (fields !== undefined) ask(fields, first + index);
    });
    const { bytes, ends } = encoder.take();
    let [asked, end] = [0, 0];
    return rows.map(({ fields, error }, index): Slot => {
      const start = end;
      if (fields !== undefined) end = ends[asked++] ?? end;
      const outcome: Outcome | undefined =
        fields === undefined ? { kind: 'error', code: 'INVALID_ROW', message: error ?? '' } : undefined;
      const kept = keptOf(fields);
      return {
        row: first + index,
        questions: bytes,
        start,
        end,
        kept,
        outcome,
        failures: 0,
        firstFailedMs: 0,
      };
    });
  };
};
