import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { ServedRelease } from '../core/served-release.ts';

/** Who records. */
export interface RecordedBy {
  readonly environment: string;
  readonly gateway: string;
}

/** What all records of a release say alike, encoded once: fields of a message may stand in any order. */
export type Constants = (served: ServedRelease | undefined) => Buffer;

export const encodeConstants = ({ record }: Pick<RecordCodecs, 'record'>, by: RecordedBy): Constants => {
  const known = new WeakMap<ServedRelease, Buffer>();
  const unresolved = record.encode({ ...by });
  const make = (served: ServedRelease): Buffer => {
    const { model, version, digest } = served.release;
    const made = record.encode({ ...by, model, release: { name: model, version, digest } });
    known.set(served, made);
    return made;
  };
  return (served) => (served === undefined ? unresolved : (known.get(served) ?? make(served)));
};
