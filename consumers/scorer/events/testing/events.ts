import assert from 'node:assert/strict';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { type Stream, streamOf, streamSettings } from '@sluice/kernel/revision/stream-settings';
import type { ReadEvent, ReadResult } from '../../event-codec.ts';
import type { Scored } from '../../gateway-link.ts';

/** A stream as the revision would have it, with what is given in it. */
export const streamWith = (settings: object = {}): Stream =>
  streamOf(
    streamSettings.parse({ name: 'churn-events', from: 'in', to: 'out', model: 'churn', ...settings }),
  );

/** 2026-11-22T10:00:00.250Z */
export const eventTime = Date.UTC(2026, 10, 22, 10, 0, 0, 250);

/** A message of the source topic; a value that is neither bytes nor null is written as JSON. */
export const receivedWith = (value: unknown, more: Partial<Received> = {}): Received => ({
  topic: 'in',
  partition: 3,
  offset: 41n,
  key: Buffer.from('k-7'),
  value: value === null || Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
  headers: [],
  timestampMs: eventTime,
  ...more,
});

export const asEvent = (result: ReadResult): ReadEvent => {
  assert.ok(result.kind === 'event', 'error' in result ? result.error.message : result.kind);
  return result;
};

export const scoredWith = (more: Partial<Scored> = {}): Scored => ({
  release: { model: 'churn', version: '1.2.0', digest: `sha256:${'a'.repeat(64)}` },
  outcome: { kind: 'prediction', outputs: { churns: true, probability: 0.75 } },
  warnings: [],
  traceparent: '',
  record: undefined,
  ...more,
});
