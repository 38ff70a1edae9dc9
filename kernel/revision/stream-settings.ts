import { z } from 'zod';
import type { StartAt } from '../event-log/event-log.ts';

/** What a revision says of its streams: docs/streams.md. */

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const duration = z
  .string()
  .regex(/^[1-9]\d{0,8}(ms|s|m|h|d)$/, 'expected a time such as 500ms, 30s, 10m, 12h or 7d');

/** @param text as the schema takes it */
const msOf = (text: string): number => Number.parseInt(text, 10) * (unitsMs[text.replace(/\d+/, '')] ?? 0);

/** As Kafka has it (`Topic.validate`). */
const topic = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,249}$/, 'expected 1 to 249 of a-z, A-Z, 0-9, ., _ and -')
  .refine((name) => name !== '.' && name !== '..', 'expected a topic');

/** A JSON Pointer (RFC 6901), or the name of a field at the top. */
const field = z
  .string()
  .min(1)
  .refine(
    (text) => !text.startsWith('/') || !/~(?![01])/.test(text),
    'expected a JSON Pointer (RFC 6901) such as /customer/id, or the name of a field',
  );

const start = z.union([
  z.enum(['earliest', 'latest']),
  z.iso.datetime({ offset: true }),
  z.strictObject({ offset: z.number().int().min(0) }),
]);

/** Of streams, as of Kafka's groups and transactions that are called after them. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'expected a lower-case letter and then at most 63 of a-z, 0-9, _ and -');

export const streamSettings = z.strictObject({
  name,
  /** Source topic, or several of them. */
  from: z.union([topic, z.array(topic).min(1).max(64)]),
  /** Sink topic. */
  to: topic,
  model: z.string().min(1),
  /** A selector, as in a request; none: the model's default. */
  version: z.string().default(''),
  /** Of the events and of what is written. */
  format: z.enum(['json', 'protobuf']).default('json'),
  /** Which field is the entity, and the key of what is written; none: the event's key. */
  key: field.optional(),
  /**
   * Features by name, and where in the event they are; or where the object is whose fields are the features; none: the
   * event itself.
   */
  features: z.union([field, z.record(z.string().min(1), field)]).optional(),
  /** Fields that are passed on, by the last part of their path. */
  pass: z.array(field).max(100).default([]),
  delivery: z.enum(['at-least-once', 'exactly-once']).default('at-least-once'),
  /** Where a stream begins that has no place yet: a time, the ends, or an offset of each partition. */
  start: start.default('latest'),
  /** Events of one partition that are read and not finished. */
  maxInFlight: z.number().int().min(1).max(65_536).default(1_024),
  /** Of one attempt to score one event. */
  deadline: duration.default('10s'),
  /** Where events go that can never be scored. */
  deadLetters: topic.default('sluice.dead-letters.v1'),
  /** CEL: only events are scored for which it is true. */
  filter: z.string().min(1).optional(),
  /** An event whose features are as those of the one before it of the same key is left out, for so long. */
  onlyWhenChanged: z.strictObject({ ttl: duration }).optional(),
  /** The stream whose past events this one scores once more; it ends where that topic's end was when it was begun. */
  replayOf: name.optional(),
  /** Of a replay: where it ends, at the latest. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** Lower is more urgent; 0: as a request that says nothing. */
  priority: z.number().int().min(0).max(0xffff_ffff).default(0),
});
/** As it stands in a revision. */
export type StreamSettings = z.infer<typeof streamSettings>;

/** A stream as a scorer has it, with what stands where the revision says nothing. */
export interface Stream {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly model: string;
  readonly version: string;
  readonly format: 'json' | 'protobuf';
  /** A JSON Pointer; undefined: the event's key. */
  readonly key: string | undefined;
  /** JSON Pointers by feature, or that of the object whose fields are the features; empty: the event itself. */
  readonly features: string | Readonly<Record<string, string>>;
  /** JSON Pointers by the name under which they are passed on. */
  readonly pass: Readonly<Record<string, string>>;
  readonly delivery: 'at-least-once' | 'exactly-once';
  readonly start: StartAt;
  readonly maxInFlight: number;
  readonly deadlineMs: number;
  readonly deadLetters: string;
  readonly filter: string | undefined;
  /** undefined: every event is scored. */
  readonly unchangedTtlMs: number | undefined;
  readonly replayOf: string | undefined;
  readonly untilMs: number | undefined;
  readonly priority: number;
}

const pointerOf = (given: string): string =>
  given.startsWith('/') ? given : `/${given.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The last part of a pointer, as a name. */
const lastPartOf = (given: string): string =>
  pointerOf(given)
    .slice(pointerOf(given).lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');

const startOf = (given: StreamSettings['start']): StartAt => {
  if (typeof given === 'object') return { offset: BigInt(given.offset) };
  return given === 'earliest' || given === 'latest' ? given : { timeMs: Date.parse(given) };
};

const featuresOf = (given: StreamSettings['features']): Stream['features'] => {
  if (given === undefined) return '';
  if (typeof given === 'string') return pointerOf(given);
  return Object.fromEntries(Object.entries(given).map(([feature, at]) => [feature, pointerOf(at)]));
};

export const streamOf = (settings: StreamSettings): Stream => ({
  name: settings.name,
  from: typeof settings.from === 'string' ? [settings.from] : settings.from,
  to: settings.to,
  model: settings.model,
  version: settings.version,
  format: settings.format,
  key: settings.key === undefined ? undefined : pointerOf(settings.key),
  features: featuresOf(settings.features),
  pass: Object.fromEntries(settings.pass.map((each) => [lastPartOf(each), pointerOf(each)])),
  delivery: settings.delivery,
  start: startOf(settings.start),
  maxInFlight: settings.maxInFlight,
  deadlineMs: msOf(settings.deadline),
  deadLetters: settings.deadLetters,
  filter: settings.filter,
  unchangedTtlMs: settings.onlyWhenChanged && msOf(settings.onlyWhenChanged.ttl),
  replayOf: settings.replayOf,
  untilMs: settings.until === undefined ? undefined : Date.parse(settings.until),
  priority: settings.priority,
});
