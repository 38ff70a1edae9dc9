import { hostname } from 'node:os';
import type { Tracer } from '@opentelemetry/api';
import { eventLogOf } from '@sluice/kernel/config/event-log';
import { spoolFolderOf } from '@sluice/kernel/config/spool';
import type { Header } from '@sluice/kernel/event-log/event-log';
import { openPredictionReader } from '@sluice/kernel/records/open-prediction-reader';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { feedbackTopic, predictionsTopic } from '@sluice/kernel/records/topics';
import { settingsOf } from '@sluice/kernel/revision/revision';
import { segmentBytesFor } from '@sluice/kernel/spool/disk/segment-size';
import { openSpool } from '@sluice/kernel/spool/open-spool';
import type { Spool } from '@sluice/kernel/spool/spool';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { GatewayConfig } from './config.ts';
import { getPrediction } from './records/get-prediction.ts';
import { listPredictions } from './records/list-predictions.ts';
import { ownRecords } from './records/own-records.ts';
import { noPredictions, type Predictions } from './records/predictions.ts';
import { createRecordWriter, type WriteRecord } from './records/record-writer.ts';
import { sendFeedback } from './records/send-feedback.ts';
import { traceUrls } from './records/trace-url.ts';
import type { StoreWatch } from './releases/store-watch.ts';
import { registerRecordMetrics } from './telemetry/record-metrics.ts';

/** How often the database is asked how far records are stored. */
const watermarkPollMs = 500;
/** How often spools are looked for whose gateway is gone. */
const adoptPollMs = 5_000;

export interface OpenRecordsOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly registry: Parameters<typeof registerRecordMetrics>[0];
  readonly tracer: Tracer;
  readonly watch: StoreWatch;
  readonly now: () => number;
  readonly stack: AsyncDisposableStack;
}

export interface Records {
  /** undefined: nothing is recorded. */
  readonly write: WriteRecord | undefined;
  readonly predictions: Predictions;
  /** That all records have in common; none: nothing is recorded. */
  readonly headers: readonly Header[];
}

/** Headers that all messages of a topic have: CloudEvents in the binary mode of Kafka (github.com/cloudevents/spec). */
const commonHeaders = (gateway: string, message: string): Header[] =>
  Object.entries({
    ce_specversion: '1.0',
    ce_type: message,
    ce_source: `/sluice/gateways/${gateway}`,
    ce_dataschema: `/sluice/v1/${message.slice(message.lastIndexOf('.') + 1)}`,
    'content-type': 'application/protobuf',
  }).map(([name, value]) => [name, Buffer.from(value)]);

/**
 * Opens the spool and the reader of the database and puts them on the stack; waits for neither database nor event log.
 * @throws SluiceError SPOOL_UNAVAILABLE, INVALID_INPUT for a URL that is none
 */
export const openRecords = async (options: OpenRecordsOptions): Promise<Records> => {
  const { config, log, registry, tracer, watch, now, stack } = options;
  let opened: Spool | undefined;
  const metrics = registerRecordMetrics(registry, () => opened?.depth());
  if (!config.RECORDS) return { write: undefined, predictions: noPredictions, headers: [] };
  const codecs = loadRecordCodecs();
  const gateway = config.GATEWAY_ID ?? hostname();
  const headers = commonHeaders(gateway, 'sluice.v1.Record');
  const reader = stack.use(openPredictionReader({ url: config.DATABASE_URL, codecs }));
  const eventLog = eventLogOf(config);
  const folder = spoolFolderOf(config);
  const { SPOOL_MAX_BYTES: maxBytes, SPOOL_MAX_AGE_MS: maxAgeMs } = config;
  const opening = openSpool({
    folder,
    limits: { maxBytes, maxAgeMs, segmentBytes: await segmentBytesFor(folder, maxBytes) },
    topics: new Map([
      [predictionsTopic, headers],
      [feedbackTopic, commonHeaders(gateway, 'sluice.v1.Feedback')],
    ]),
    eventLog,
    readWatermarks: (id) => reader.watermarks(id),
    watermarkPollMs,
    adoptPollMs,
    drainMs: config.DRAIN_MS,
    log,
    observer: metrics.spool,
    shrinkModule: `${import.meta.dirname}/records/shrink.ts`,
  });
  const spool = stack.use(await opening);
  opened = spool;
  const findOwn = ownRecords(spool, codecs);
  const traceUrl = traceUrls(config.TRACE_URL_TEMPLATE);
  const write = createRecordWriter({
    spool,
    codecs,
    tracer,
    messagingSystem: eventLog.url.slice(0, eventLog.url.indexOf(':')),
    by: { environment: config.SLUICE_ENVIRONMENT, gateway },
    redactionKey: config.RECORD_REDACTION_KEY,
    metrics,
    log,
    now,
    revision: () => watch.revision,
    isModel: (model) => watch.index.has(model),
  });
  const shared = { findOwn, reader, traceUrl, now: Date.now };
  const predictions: Predictions = {
    get: getPrediction({ ...shared, notYetVisibleMs: config.NOT_YET_VISIBLE_MS }),
    list: listPredictions(reader, traceUrl),
    sendFeedback: sendFeedback({
      ...shared,
      spool,
      codecs,
      metrics,
      settingsOf: (model) => settingsOf(watch.revision, model),
    }),
  };
  return { write, predictions, headers };
};
