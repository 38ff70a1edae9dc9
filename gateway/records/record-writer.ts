import { context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { Header } from '@sluice/kernel/event-log/event-log';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { type Revision, settingsOf } from '@sluice/kernel/revision/revision';
import type { Spool } from '@sluice/kernel/spool/spool';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Log } from '@sluice/kernel/telemetry/log';
import { textOf } from '@sluice/kernel/telemetry/trace-context';
import type { TimedCall } from '../core/call.ts';
import type { Resolution } from '../core/resolve-release.ts';
import type { RecordMetrics } from '../telemetry/record-metrics.ts';
import { buildRecord, type Ended, type RecordedBy } from './build-record.ts';
import { encodeRecord } from './encode-record.ts';
import { hideIn } from './hide.ts';
import { timeOfId } from './id-time.ts';
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
  return tracer.startSpan(
    `create ${predictionsTopic}`,
    { kind: SpanKind.PRODUCER, attributes },
    trace.setSpan(context.active(), scope.span),
  );
};

const headersOf = (
  recording: ModelRecording,
  scope: CallScope,
  span: Span | undefined,
): readonly Header[] => {
  const traceparent = span === undefined ? scope.trace.traceparent : textOf(span.spanContext()).traceparent;
  return traceparent === ''
    ? recording.headers
    : [...recording.headers, ['traceparent', Buffer.from(traceparent)]];
};

export const createRecordWriter = (options: RecordWriterOptions): WriteRecord => {
  const { spool, codecs, by, redactionKey, metrics, now } = options;
  const recordingFor = modelRecordings({
    counts: metrics.counts,
    hasKey: redactionKey !== undefined,
    log: options.log,
  });

  const recordingOfCall = (call: TimedCall, resolution: Resolution | undefined): ModelRecording => {
    if (resolution !== undefined) return recordingFor(call.model, resolution.settings);
    const known = options.isModel(call.model) ? call.model : '';
    return recordingFor(known, settingsOf(options.revision(), known));
  };

  const bytesOf = (
    call: TimedCall,
    resolution: Resolution | undefined,
    ended: Ended,
    { redact, maxBytes }: ModelRecording,
  ): Buffer => {
    const revision = resolution?.revision ?? options.revision().revision;
    const whole = buildRecord(by, call, { resolution, revision }, ended);
    const hiding = { redact, key: redactionKey, served: resolution?.served };
    const record = redact.length === 0 ? whole : hideIn(whole, call.input, hiding);
    return encodeRecord(codecs, record, maxBytes);
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
      const entry = {
        topic: predictionsTopic,
        id: call.predictionId,
        key: call.entityId || call.predictionId,
        value: bytesOf(call, resolution, ended, recording),
        headers: headersOf(recording, call.scope, span),
        timestampMs: timeOfId(call.predictionId),
      };
      if (call.returnRecord === undefined) await spool.append(entry, fsync);
      else call.returnRecord(entry);
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
