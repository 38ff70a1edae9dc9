import { type BatchProducer, type BatchRecord, RecordBatch, shareHeaders } from '../record-batch.ts';
import { Writer } from '../writer.ts';

const someone: BatchProducer = {
  producerId: '1',
  producerEpoch: 0,
  firstSequence: 0,
  isTransactional: false,
};

type Given = Pick<BatchRecord, 'message'> & Partial<BatchRecord>;

export const batchOf = (records: readonly Given[]): RecordBatch => {
  const batch = new RecordBatch();
  for (const record of records)
    batch.add({ shared: shareHeaders([]), timestampMs: 1, ...record }, Number.POSITIVE_INFINITY);
  return batch;
};

/** A batch as it is sent, with something before it. */
export const written = (records: readonly Given[], producer = someone): Buffer => {
  const batch = batchOf(records);
  const writer = new Writer(Buffer.alloc(7 + batch.bytes), 7);
  batch.write(writer, producer);
  return writer.bytes.subarray(7, writer.at);
};
