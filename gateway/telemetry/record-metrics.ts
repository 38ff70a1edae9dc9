import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { SpoolDepth } from '@sluice/kernel/spool/spool';
import { registerHistogram, type Series } from '@sluice/kernel/telemetry/histogram';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Records of one model and mode, by what came of them; whoever records counts here. */
export interface RecordCounts {
  kept: number;
  /** Not kept, and the request was answered all the same. */
  dropped: number;
  /** Not kept, and the request was refused for it. */
  rejected: number;
}

export interface RecordMetrics {
  readonly counts: (model: string, mode: string) => RecordCounts;
  readonly append: Series;
  readonly spool: {
    shipped(entries: number): void;
    setAside(topic: string): void;
    reached(isReached: boolean): void;
  };
  /** @param code OK, or why it was refused. */
  feedback(code: string): void;
}

const seconds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1];

/** How much is in the spool, asked when the metrics are. */
const registerDepth = (registry: Registry, depth: () => SpoolDepth | undefined): void => {
  const gauge = (name: string, help: string, value: (depth: SpoolDepth) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const now = depth();
        if (now !== undefined) this.set(value(now));
      },
    });
  };
  gauge('sluice_spool_entries', 'Records and feedback not yet known to be stored', ({ entries }) => entries);
  gauge('sluice_spool_bytes', 'Bytes of them', ({ bytes }) => bytes);
  gauge(
    'sluice_spool_age_seconds',
    'Age of the oldest of them: how far storing lags',
    ({ ageMs }) => ageMs / 1000,
  );
};

/** What recording counts. A counter of prom-client's costs a microsecond, so that counts are plain numbers here. */
export const registerRecordMetrics = (
  registry: Registry,
  depth: () => SpoolDepth | undefined,
): RecordMetrics => {
  const all = new Map<
    string,
    { readonly model: string; readonly mode: string; readonly counts: RecordCounts }
  >();
  const counts = (model: string, mode: string): RecordCounts => {
    const key = `${mode} ${model}`;
    const known = all.get(key) ?? { model, mode, counts: { kept: 0, dropped: 0, rejected: 0 } };
    all.set(key, known);
    return known.counts;
  };
  new Counter({
    name: 'sluice_records_total',
    help: 'Records by what came of them: kept, dropped, or rejected together with their request',
    labelNames: ['model', 'mode', 'result'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { model, mode, counts } of all.values())
        for (const result of ['kept', 'dropped', 'rejected'] as const)
          this.inc({ model, mode, result }, counts[result]);
    },
  });
  const feedback = new Counter({
    name: 'sluice_feedback_received_total',
    help: 'Feedback that was sent, by what came of it: OK, or a code',
    labelNames: ['code'],
    registers: [registry],
  });
  feedback.inc({ code: 'OK' }, 0);
  registerDepth(registry, depth);
  const shipped = new Counter({
    name: 'sluice_spool_shipped_total',
    help: 'Records and feedback that the event log has taken',
    registers: [registry],
  });
  const setAside = new Counter({
    name: 'sluice_spool_set_aside_total',
    help: 'Records and feedback that the event log will never take, kept in the folder rejected of the spool',
    labelNames: ['topic'],
    registers: [registry],
  });
  const reached = new Gauge({
    name: 'sluice_spool_event_log_reachable',
    help: '1 while the event log takes what is in the spool',
    registers: [registry],
  });
  setAside.inc({ topic: predictionsTopic }, 0);
  counts('', 'required');
  const append = registerHistogram(registry, {
    name: 'sluice_record_append_seconds',
    help: 'Time until a record was kept in the spool',
    labelNames: [],
    buckets: seconds,
  });
  return {
    append: append({}),
    feedback: (code) => feedback.inc({ code }),
    counts,
    spool: {
      shipped: (entries) => {
        shipped.inc(entries);
        reached.set(1);
      },
      setAside: (topic) => setAside.inc({ topic }),
      reached: (isReached) => reached.set(isReached ? 1 : 0),
    },
  };
};
