import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { Log } from '@sluice/kernel/telemetry/log';
import { openBatchReader } from './batch-reader.ts';
import type { Engine, Staging } from './engine.ts';
import { type LakeFile, parseLakeFile, reaches } from './file-name.ts';
import { type FileLimits, gatherRange } from './gather-range.ts';
import { keepTrying } from './keep-trying.ts';
import { type LakeRow, readMessage } from './lake-row.ts';
import type { LakePlace } from './place.ts';
import { publishRange } from './publish-range.ts';

/** What the lake has done, for whoever counts it. */
export interface LakeEvents {
  readonly wrote?: (rows: number, files: number) => void;
  /** A message that is no record was passed over. */
  readonly passedOver?: (message: Received, fault: string) => void;
}

export interface LakeParts {
  readonly log: Log;
  readonly engine: Engine;
  readonly place: LakePlace;
  readonly codecs: RecordCodecs;
  readonly limits: FileLimits;
  readonly events: LakeEvents;
  /** What fails and is tried again. */
  readonly failures: Set<string>;
}

const nameOf = ({ topic, partition }: AssignedPartition): string => `${topic}-${partition}`;

/** Rows of the messages that are records. */
const rowsOf = ({ codecs, events }: LakeParts, messages: readonly Received[]): LakeRow[] =>
  messages.flatMap((message) => {
    const read = readMessage(codecs, message);
    if ('row' in read) return [read.row];
    events.passedOver?.(message, read.fault);
    return [];
  });

/** Files with messages that the group is to read, again: of ranges whose offset was never committed, or was set back. */
const filesFrom = async (place: LakePlace, partition: AssignedPartition): Promise<LakeFile[]> => {
  const files: LakeFile[] = [];
  const start = { ...partition, offset: partition.start };
  for await (const path of place.paths()) {
    const file = parseLakeFile(path);
    if (file !== undefined && reaches(file, start)) files.push(file);
  }
  return files;
};

const workThrough = async (
  parts: LakeParts,
  partition: AssignedPartition,
  staging: Staging,
): Promise<void> => {
  const { place, limits, events, log, failures } = parts;
  const { signal } = partition;
  const name = nameOf(partition);
  const trying = (what: string) => ({ log, signal, failures, what });
  const reader = openBatchReader(partition);
  const list = trying(`listing ${place.url} for ${name}`);
  let earlier = await keepTrying(list, () => filesFrom(place, partition));
  for (;;) {
    let rows = 0;
    const range = await gatherRange({
      reader,
      limits,
      endOf: ({ offset }) => earlier.find(({ first }) => first === offset)?.last,
      take: async (messages) => {
        const read = rowsOf(parts, messages);
        rows += read.length;
        await staging.append(read);
      },
    });
    if (range === undefined) return;
    const write = trying(`writing ${name} to ${place.url}`);
    const publication = { place, staging, range, earlier, signal };
    const files = await keepTrying(write, () => publishRange(publication));
    await partition.commit(range.last + 1n);
    events.wrote?.(rows, files);
    earlier = earlier.filter(({ last }) => last > range.last);
    await staging.clear();
  }
};

/** Writes what a partition brings into the lake, until it is taken away. */
export const workPartition = async (parts: LakeParts, partition: AssignedPartition): Promise<void> => {
  const staging = await parts.engine.openStaging(nameOf(partition));
  try {
    await workThrough(parts, partition, staging);
  } catch (error) {
    if (!partition.signal.aborted) throw error;
  }
};
