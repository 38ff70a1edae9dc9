import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { Spool } from '@sluice/kernel/spool/spool';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';

export type FindOwn = (predictionId: string) => Promise<Record__Output | undefined>;

/** Finds records that this gateway made and that are not yet known to be stored. */
export const ownRecords =
  (spool: Pick<Spool, 'find'>, codecs: RecordCodecs): FindOwn =>
  async (predictionId) => {
    const bytes = await spool.find(predictionsTopic, predictionId);
    return bytes === undefined ? undefined : codecs.record.decode(bytes);
  };
