import { featureOfText, keptValue } from './cell-value.ts';
import type { Fields, InputRow } from './input/input.ts';
import type { Plan } from './plan.ts';
import type { Slot } from './row.ts';
import type { ByteSink } from './wire/byte-sink.ts';
import type { RequestEncoder } from './wire/encode-request.ts';
import { fieldName, putField } from './wire/encode-value.ts';

const nothing = Buffer.alloc(0);

/** Appends the features that have columns. */
const putKnown = ({ features }: Plan) => {
  const known = features.map(({ feature, column }) => ({
    name: fieldName(feature.name),
    key: column.key,
    type: feature.type,
    isText: column.kind === 'text',
  }));
  return (fields: Fields, sink: ByteSink): void => {
    for (const { name, key, type, isText } of known) {
      const value = fields[key];
      const given = isText && typeof value === 'string' ? featureOfText(value, type) : value;
      if (given !== undefined) putField(sink, name, given);
    }
  };
};

/** Appends what only a row of a .jsonl file has: the gateway says that it is no feature. */
const putOthers = (known: ReadonlySet<number | string>) => (fields: Fields, sink: ByteSink) => {
  for (const name of Object.keys(fields)) if (!known.has(name)) putField(sink, fieldName(name), fields[name]);
};

const putFeatures = (plan: Plan) => {
  const known = putKnown(plan);
  const keys = new Set(plan.used.map(({ key }) => key));
  const isByRow = plan.used.some(({ key }) => typeof key === 'string');
  if (plan.ignoreUnknown || !isByRow) return known;
  const others = putOthers(keys);
  return (fields: Fields, sink: ByteSink): void => {
    known(fields, sink);
    others(fields, sink);
  };
};

/** Makes a row of the input one that can be asked about. */
export const rowAsker = (plan: Plan, encoder: RequestEncoder, run: string) => {
  const put = putFeatures(plan);
  const { entityId, kept } = plan;
  return ({ at, fields, error }: InputRow, row: number): Slot => {
    const slot = { row, outcome: undefined, failures: 0, firstFailedMs: 0 };
    if (fields === undefined) {
      const message = `${at}: ${error ?? ''}`;
      return {
        ...slot,
        frame: nothing,
        bytes: 0,
        kept: kept.map(() => null),
        outcome: { kind: 'error', code: 'INVALID_ROW', message },
      };
    }
    const entity = entityId === undefined ? null : keptValue(fields[entityId.key], entityId.kind);
    const frame = encoder.encode(`${run}${row}`, entity === null ? '' : String(entity), (sink) =>
      put(fields, sink),
    );
    return {
      ...slot,
      frame,
      bytes: frame.length,
      kept: kept.map(({ key, kind }) => keptValue(fields[key], kind)),
    };
  };
};
