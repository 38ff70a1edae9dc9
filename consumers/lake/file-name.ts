import type { Position } from '@sluice/kernel/event-log/event-log';

/** Which messages of a partition a file was made of: all from the first to the last, both included. */
export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** A file of the lake, by its name. */
export interface LakeFile extends OffsetRange {
  /** `<model>/<day>/<name>`, relative to the lake. */
  readonly path: string;
}

/** Of requests for which no release was found: their models' names are whatever callers wrote. */
export const unresolvedFolder = '_unresolved';

const plain = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** File systems allow 255 bytes. */
const maxFolderLength = 200;

const escaped = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * The folder of a model: its name, in which everything is percent-encoded that means something to a file system, a
 * bucket or a reader of Parquet folders (a leading dot or underscore hides, `=` makes a column).
 */
export const modelFolder = (model: string): string => {
  if (model === '') return unresolvedFolder;
  if (plain.test(model) && model.length <= maxFolderLength) return model;
  const encoded = [...Buffer.from(model)].map((byte, index) => {
    const character = String.fromCharCode(byte);
    const isPlain = index === 0 ? /[A-Za-z0-9]/.test(character) : /[A-Za-z0-9._-]/.test(character);
    return isPlain ? character : escaped(byte);
  });
  return encoded.join('').slice(0, maxFolderLength);
};

/** `<topic>-<partition>-<firstOffset>-<lastOffset>.parquet` */
export const fileName = ({ topic, partition, first, last }: OffsetRange): string =>
  `${topic}-${partition}-${first}-${last}.parquet`;

/** undefined: it is no file of a lake. */
export const parseLakeFile = (path: string): LakeFile | undefined => {
  const [, topic, partition, first, last] =
    /^[^/]+\/\d{4}-\d{2}-\d{2}\/([^/]+)-(\d+)-(\d+)-(\d+)\.parquet$/.exec(path) ?? [];
  if (topic === undefined || partition === undefined || first === undefined || last === undefined)
    return undefined;
  return { path, topic, partition: Number(partition), first: BigInt(first), last: BigInt(last) };
};

/** Whether a file holds messages at or after an offset of the same partition. */
export const reaches = (file: LakeFile, { topic, partition, offset }: Position): boolean =>
  file.topic === topic && file.partition === partition && file.last >= offset;
