import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import type { EventLog, Message } from '@sluice/kernel/event-log/event-log';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { sendAll } from '@sluice/kernel/event-log/testing/messages';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { predictionsTopic, recordTopics } from '@sluice/kernel/records/topics';
import { createLog } from '@sluice/kernel/telemetry/log';
import type { Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import { type LakeOptions, startLake } from '../start-lake.ts';

export const codecs = loadRecordCodecs();
/** So much that a file ends by nothing but its messages, unless a test says otherwise. */
export const noLimits = { messages: 1_000_000, bytes: 2 ** 30, ageMs: 3_600_000 };

export const record = (number: number, more: Partial<RecordMessage> = {}): RecordMessage => ({
  predictionId: `prediction-${number}`,
  time: '2026-11-20T10:00:00.123Z',
  model: 'churn',
  release: { name: 'churn', version: '2.1.0', digest: 'sha256:00' },
  code: 'OK',
  ...more,
});

export const messageOf = (value: RecordMessage, partition = 0): Message => ({
  key: Buffer.from('key'),
  value: codecs.record.encode(value),
  headers: [],
  partition,
});

export interface RunningLake extends AsyncDisposable {
  readonly failures: ReadonlySet<string>;
}

export interface LakeBench {
  readonly log: EventLog;
  readonly folder: string;
  send(...messages: readonly Message[]): Promise<void>;
  /** Each is closed before the log is. */
  start(options: Partial<LakeOptions>): Promise<RunningLake>;
}

/** An embedded log with the topics of records, and an empty folder; all goes with the test. */
export const lakeBench = async (t: TestContext): Promise<LakeBench> => {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-lake-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  t.after(() => stack.disposeAsync());
  const { log } = await temporaryLog(t);
  await log.admin.create(recordTopics);
  return {
    log,
    folder,
    send: (...messages) => sendAll(log, { topic: predictionsTopic, messages }),
    start: async (options) => {
      const lake = stack.use(new AsyncDisposableStack());
      const failures = new Set<string>();
      const start = startLake({
        log: createLog({ process: 'lake', environment: 'dev', level: 'silent' }),
        eventLog: { url: log.url },
        codecs,
        url: `file:${folder}`,
        env: process.env,
        limits: noLimits,
        failures,
        ...options,
      });
      await start(lake);
      return { failures, [Symbol.asyncDispose]: () => lake.disposeAsync() };
    },
  };
};

/** Rows of a query. */
export const query = async (sql: string): Promise<Record<string, unknown>[]> => {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    instance.closeSync();
  }
};
