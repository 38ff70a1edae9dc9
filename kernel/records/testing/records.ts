import { randomUUID } from 'node:crypto';
import type { Feedback } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import { toStruct } from '../../features/struct.ts';
import { loadRecordCodecs } from '../record-codec.ts';
import type { ReceivedFeedback, ReceivedRecord, SpoolPlace } from '../record-store.ts';

export const codecs = loadRecordCodecs();

/** A Tuesday. */
export const noonMs = Date.UTC(2026, 10, 24, 12);
export const dayMs = 86_400_000;

/** A UUIDv7 of this time that nobody else has. */
export const idAt = (timeMs: number): string => {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};

/** A record of `churn` 1.0.0 at noon, as a consumer receives it. */
export const received = (more: RecordMessage = {}, place?: SpoolPlace): ReceivedRecord => {
  const bytes = codecs.record.encode({
    predictionId: idAt(noonMs),
    time: new Date(noonMs).toISOString(),
    door: 'grpc',
    environment: 'dev',
    model: 'churn',
    release: { name: more.model ?? 'churn', version: '1.0.0', digest: 'sha256:00' },
    revision: 1,
    input: { features: toStruct({ tenure: 5, contract: 'One year' }) },
    outcome: { prediction: { outputs: toStruct({ churn: 0.25 }) } },
    code: 'OK',
    ...more,
  });
  return { record: codecs.record.decode(bytes), bytes, place };
};

/** So many records, each a millisecond after the one before. */
export const many = (count: number, more: (index: number) => RecordMessage = () => ({})): ReceivedRecord[] =>
  Array.from({ length: count }, (_, index) =>
    received({ predictionId: idAt(noonMs + index), ...more(index) }),
  );

export const idsOf = (records: readonly ReceivedRecord[]): string[] =>
  records.map(({ record }) => record.predictionId);

/** Feedback with an id of its own, received an hour after noon. */
export const feedback = (more: Feedback = {}, place?: SpoolPlace): ReceivedFeedback => ({
  place,
  feedback: codecs.feedback.decode(
    codecs.feedback.encode({
      feedbackId: randomUUID(),
      label: { stringValue: 'stayed' },
      received: new Date(noonMs + 3_600_000).toISOString(),
      ...more,
    }),
  ),
});
