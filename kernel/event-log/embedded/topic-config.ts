import { SluiceError } from '../../errors/sluice-error.ts';

/** What an embedded log heeds of a topic's configuration, in Kafka's words. The rest is kept, and means nothing. */
export interface TopicConfig {
  /** Undefined: for ever. */
  readonly retentionMs: number | undefined;
  /** Of each partition. Undefined: without end. */
  readonly retentionBytes: number | undefined;
  /** As it lies in the log. */
  readonly maxMessageBytes: number;
  /** Of messages of one key only the newest stays. */
  readonly compacted: boolean;
}

/** Kafka's own, but for retention.bytes: a laptop's disk is no cluster's. */
const defaults = {
  'retention.ms': `${7 * 24 * 3_600_000}`,
  'retention.bytes': `${1024 ** 3}`,
  'max.message.bytes': '1048588',
  'cleanup.policy': 'delete',
};

const numberOf = (name: keyof typeof defaults, given: Readonly<Record<string, string>>): number => {
  const text = given[name] ?? defaults[name];
  if (/^(-1|\d{1,15})$/.test(text)) return Number(text);
  throw new SluiceError(
    'INVALID_INPUT',
    `${name}: expected a whole number, or -1 for no bound, got '${text}'`,
  );
};

const boundOf = (
  name: keyof typeof defaults,
  given: Readonly<Record<string, string>>,
): number | undefined => {
  const bound = numberOf(name, given);
  return bound === -1 ? undefined : bound;
};

/** @throws SluiceError INVALID_INPUT naming what is no such value */
export const parseTopicConfig = (given: Readonly<Record<string, string>>): TopicConfig => {
  const policy = (given['cleanup.policy'] ?? defaults['cleanup.policy'])
    .split(',')
    .map((word) => word.trim());
  const wrong = policy.find((word) => word !== 'delete' && word !== 'compact');
  if (wrong !== undefined)
    throw new SluiceError(
      'INVALID_INPUT',
      `cleanup.policy: expected delete, compact or both, got '${wrong}'`,
    );
  const deletes = policy.includes('delete');
  return {
    retentionMs: deletes ? boundOf('retention.ms', given) : undefined,
    retentionBytes: deletes ? boundOf('retention.bytes', given) : undefined,
    maxMessageBytes: boundOf('max.message.bytes', given) ?? Number.POSITIVE_INFINITY,
    compacted: policy.includes('compact'),
  };
};
