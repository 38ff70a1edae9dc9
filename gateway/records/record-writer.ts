import { context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { uuidTimeMs } from '@sluice/kernel/records/prediction-time';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import { timeTexts } from '@sluice/kernel/records/time-texts';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { type Revision, settingsOf } from '@sluice/kernel/revision/revision';
import type { Spool } from '@sluice/kernel/spool/spool';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Log } from '@sluice/kernel/telemetry/log';
import { textOf } from '@sluice/kernel/telemetry/trace-context';
import type { TimedCall } from '../core/call.ts';
import type { Resolution } from '../core/resolve-release.ts';
import type { RecordMetrics } from '../telemetry/record-metrics.ts';
import { buildRecord, type Ended } from './build-record.ts';
import { encodeConstants, type RecordedBy } from './constants.ts';
import { encodeRecord } from './encode-record.ts';
import { hideIn } from './hide.ts';
import { type ModelRecording, modelRecordings } from './model-recordings.ts';
import { isSampled } from './sampled.ts';

export interface RecordWriterOptions {
  readonly spool: Pick<Spool, 'append'>;
  readonly codecs: RecordCodecs;
  readonly tracer: Tracer;
  /** `kafka` or `lmdb`: the scheme of the log's URL. */
  readonly messagingSystem: string;
  readonly by: RecordedBy;
  /** For hashes; undefined: what is to be hashed is dropped. */
  readonly redactionKey: string | undefined;
  readonly metrics: RecordMetrics;
  readonly log: Log;
  readonly now: () => number;
  /** The revision in force. */
  readonly revision: () => Revision;
  /** Whether the store holds a model of that name. */
  readonly isModel: (model: string) => boolean;
}

/**
 * Puts the record of a request that has ended into the spool, or gives it to who asked for it, if the model's settings
 * say so. Rejects where the request must not be answered without it.
 * @throws SluiceError SPOOL_FULL
 */
export type WriteRecord = (
  call: TimedCall,
  resolution: Resolution | undefined,
  ended: Ended,
) => Promise<void>;

const unrecorded = Promise.resolve();

/** Of the message, where the request is sampled: what is made of it on its way is a child of it. */
const startSpan = (
  { tracer, messagingSystem }: RecordWriterOptions,
  { scope, predictionId }: TimedCall,
): Span | undefined => {
  if (scope.sampledTrace.traceparent === '') return undefined;
  const attributes = {
    'messaging.system': messagingSystem,
    'messaging.operation.type': 'create',
    'messaging.operation.name': 'create',
    'messaging.destination.name': predictionsTopic,
    'messaging.message.id': predictionId,
  };
  const parent = trace.setSpan(context.active(), scope.span);
  // The SDK looks through attributes that come with the start twice.
  return tracer
    .startSpan(`create ${predictionsTopic}`, { kind: SpanKind.PRODUCER }, parent)
    .setAttributes(attributes);
};

const traceparentOf = (scope: CallScope, span: Span | undefined): string =>
  (span === undefined ? scope.trace : textOf(span.spanContext())).traceparent;

export const createRecordWriter = (options: RecordWriterOptions): WriteRecord => {
  const { spool, codecs, by, redactionKey, metrics, now } = options;
  const recordingFor = modelRecordings({
    counts: metrics.counts,
    hasKey: redactionKey !== undefined,
    log: options.log,
  });

  const timeText = timeTexts();
  const constants = encodeConstants(codecs, by);

  const recordingOfCall = (call: TimedCall, resolution: Resolution | undefined): ModelRecording => {
    if (resolution !== undefined) return recordingFor(call.model, resolution.settings);
    const known = options.isModel(call.model) ? call.model : '';
    return recordingFor(known, settingsOf(options.revision(), known));
  };

  const bytesOf = (
    call: TimedCall,
    resolution: Resolution | undefined,
    ended: Ended,
    timestampMs: number,
    { redact, maxBytes }: ModelRecording,
  ): Buffer => {
    const revision = resolution?.revision ?? options.revision().revision;
    const whole = buildRecord(call, { resolution, revision, time: timeText(timestampMs) }, ended);
    const hiding = { redact, key: redactionKey, served: resolution?.served };
    const record = redact.length === 0 ? whole : hideIn(whole, call.input, hiding);
    return encodeRecord(codecs, record, maxBytes, constants(resolution?.served));
  };

  const write = async (
    call: TimedCall,
    resolution: Resolution | undefined,
    ended: Ended,
    recording: ModelRecording,
  ): Promise<void> => {
    const { counts, mode, fsync } = recording;
    const startedAt = now();
    const span = startSpan(options, call);
    try {
      const timestampMs = uuidTimeMs(call.predictionId);
      const entry = {
        topic: predictionsTopic,
        id: call.predictionId,
        key: call.entityId || call.predictionId,
        value: bytesOf(call, resolution, ended, timestampMs, recording),
        headers: recording.headers,
        traceparent: traceparentOf(call.scope, span),
        timestampMs,
      };
      if (call.returnRecord === undefined) await spool.append(entry, fsync);
      // Its bytes are lent; the spool has copied them by now.
      else call.returnRecord({ ...entry, value: Buffer.from(entry.value) });
      counts.kept += 1;
      metrics.append.observe((now() - startedAt) / 1000);
    } catch (thrown) {
      // Why a request failed is more than that this could not be kept.
      const isRefused = mode === 'required' && 'answer' in ended;
      counts[isRefused ? 'rejected' : 'dropped'] += 1;
      if (isRefused) throw fromUnknown(thrown);
    } finally {
      span?.end();
    }
  };

  return (call, resolution, ended) => {
    const recording = recordingOfCall(call, resolution);
    if (recording.mode === 'off' || !isSampled(call.predictionId, recording.sample)) return unrecorded;
    return write(call, resolution, ended, recording);
  };
};
