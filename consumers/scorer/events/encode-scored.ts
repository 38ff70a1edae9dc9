import type { Header } from '@sluice/kernel/event-log/event-log';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { KnownEvent } from '../event-codec.ts';
import type { Scored } from '../gateway-link.ts';
import { eventTimeMs } from './event-id.ts';
import type { EventTypes } from './event-types.ts';

/** A sluice.v1.ScoredEvent as bytes. `time` is the event's, in RFC 3339. */
export type EncodeScored = (event: KnownEvent, scored: Scored, time: string) => Buffer;

/** RFC 3339 with milliseconds, UTC. */
export const timeText = (timestampMs: number): string => new Date(eventTimeMs(timestampMs)).toISOString();

/** JSON has no name for them; they are written as theirs, as docs/microservices.md says of every door. */
const nameNumber = (value: FeatureValue): FeatureValue => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(nameNumber);
  return nameNumbers(value as Features);
};
const nameNumbers = (values: Features): Features =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, nameNumber(value)]));

const isPlain = (values: Features): boolean => {
  for (const name in values) {
    const value = values[name];
    if (typeof value === 'object' ? value !== null : !Number.isFinite(value) && typeof value === 'number')
      return false;
  }
  return true;
};

const outputsOf = (outputs: Features): Features => (isPlain(outputs) ? outputs : nameNumbers(outputs));

const orAbsent = (text: string): string | undefined => (text === '' ? undefined : text);

/** proto3 JSON: lowerCamelCase, and what holds its default is left out, which JSON.stringify does with undefined. */
const encodeJson =
  ({ name, pass }: Stream): EncodeScored =>
  ({ predictionId, entityId, passed, received }, { release, outcome, warnings }, time) => {
    const isPrediction = outcome.kind === 'prediction';
    const json = JSON.stringify({
      predictionId,
      stream: name,
      entityId: orAbsent(entityId),
      release: {
        name: orAbsent(release.model),
        version: orAbsent(release.version),
        digest: orAbsent(release.digest),
      },
      prediction: isPrediction ? { outputs: outputsOf(outcome.outputs) } : undefined,
      refusal: isPrediction
        ? undefined
        : { code: orAbsent(outcome.code), message: orAbsent(outcome.message) },
      passed: Object.keys(pass).length === 0 ? undefined : passed,
      eventTime: time,
      source: {
        topic: received.topic,
        partition: received.partition || undefined,
        offset: String(received.offset),
      },
      warnings: warnings.length === 0 ? undefined : warnings,
    });
    return Buffer.from(json);
  };

const encodeProtobuf =
  ({ name, pass }: Stream, { encodeScored }: EventTypes): EncodeScored =>
  ({ predictionId, entityId, passed, received }, { release, outcome, warnings }, time) =>
    encodeScored({
      predictionId,
      stream: name,
      entityId,
      release: { name: release.model, version: release.version, digest: release.digest },
      ...(outcome.kind === 'prediction'
        ? { prediction: { outputs: toStruct(outputsOf(outcome.outputs)) } }
        : { refusal: { code: outcome.code, message: outcome.message } }),
      ...(Object.keys(pass).length === 0 ? {} : { passed: toStruct(passed) }),
      eventTime: time,
      source: { topic: received.topic, partition: received.partition, offset: String(received.offset) },
      warnings: [...warnings],
    });

/** How a stream writes what came of its events. */
export const scoredEncoder = (stream: Stream, types: EventTypes): EncodeScored =>
  stream.format === 'json' ? encodeJson(stream) : encodeProtobuf(stream, types);

/** Headers that all scored events of a stream have: CloudEvents in the binary mode of Kafka. */
export const commonHeaders = ({ name, format }: Stream): Header[] =>
  Object.entries({
    ce_specversion: '1.0',
    ce_type: 'sluice.v1.ScoredEvent',
    ce_source: `/sluice/streams/${name}`,
    ce_dataschema: '/sluice/v1/ScoredEvent',
    'content-type': `application/${format}`,
  }).map(([header, value]) => [header, Buffer.from(value)]);
