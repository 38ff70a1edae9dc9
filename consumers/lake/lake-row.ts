import { messageOf } from '@sluice/kernel/errors/message-of';
import type { Received } from '@sluice/kernel/event-log/event-log';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import { modelFolder, unresolvedFolder } from './file-name.ts';

/** One row of a file. */
export interface LakeRow {
  readonly record: Record__Output;
  readonly timeMs: number;
  readonly message: Received;
  /** The message's value: a Record of protobuf. */
  readonly bytes: Buffer;
  /** Where it belongs: `<model>/<YYYY-MM-DD>`, by the time of the request, UTC. */
  readonly folder: string;
}

export type ReadMessage = { readonly row: LakeRow } | { readonly fault: string };

const folderOf = ({ release }: Record__Output, timeMs: number): string => {
  const model = release === null ? unresolvedFolder : modelFolder(release.name);
  return `${model}/${new Date(timeMs).toISOString().slice(0, 10)}`;
};

/** Dates whose year has four digits. */
const isUsual = (timeMs: number): boolean => timeMs >= 0 && timeMs < Date.UTC(10_000, 0);

/** The row of a message, or why it has none. */
export const readMessage = ({ record: codec }: RecordCodecs, message: Received): ReadMessage => {
  const { value: bytes } = message;
  if (bytes === null) return { fault: 'it has no value' };
  try {
    const record = codec.decode(bytes);
    if (record.predictionId === '') return { fault: 'it has no prediction_id' };
    const timeMs = Date.parse(record.time);
    if (!isUsual(timeMs)) return { fault: `its time is no date: '${record.time}'` };
    return { row: { record, timeMs, message, bytes, folder: folderOf(record, timeMs) } };
  } catch (error) {
    return { fault: `it is no sluice.v1.Record: ${messageOf(error)}` };
  }
};
