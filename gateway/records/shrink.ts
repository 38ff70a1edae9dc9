import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { encodeLeast } from './encode-record.ts';

/** The spool's shipper loads this module by its path, in its own thread, where nobody can hand codecs in. */
const codecs = loadRecordCodecs();

/** A record that an event log with a lower limit than Kafka's own takes sooner; undefined: there is none. */
export const shrink = (topic: string, value: Uint8Array): Buffer | undefined => {
  if (topic !== predictionsTopic) return undefined;
  const smaller = encodeLeast(codecs, codecs.record.decode(value));
  return smaller.length < value.length ? smaller : undefined;
};
