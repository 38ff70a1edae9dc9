import type { Code } from '../../errors/codes.ts';
import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';

/** Kafka's own words (org.apache.kafka.common.protocol.Errors) that mean something to a caller. */
const codesOfTypes = new Map<string, Code>([
  ['TOPIC_AUTHORIZATION_FAILED', 'PERMISSION_DENIED'],
  ['GROUP_AUTHORIZATION_FAILED', 'PERMISSION_DENIED'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'PERMISSION_DENIED'],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'PERMISSION_DENIED'],
  ['SASL_AUTHENTICATION_FAILED', 'PERMISSION_DENIED'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_INPUT'],
  ['INVALID_TOPIC_EXCEPTION', 'INVALID_INPUT'],
  ['MESSAGE_TOO_LARGE', 'INVALID_INPUT'],
  ['RECORD_LIST_TOO_LARGE', 'INVALID_INPUT'],
  ['INVALID_TIMESTAMP', 'INVALID_INPUT'],
  ['INVALID_RECORD', 'INVALID_INPUT'],
  ['INVALID_PARTITIONS', 'INVALID_INPUT'],
  ['INVALID_REPLICATION_FACTOR', 'INVALID_INPUT'],
  ['INVALID_CONFIG', 'INVALID_INPUT'],
  ['POLICY_VIOLATION', 'INVALID_INPUT'],
  ['INVALID_GROUP_ID', 'INVALID_INPUT'],
  ['INVALID_PRODUCER_EPOCH', 'FENCED'],
  ['PRODUCER_FENCED', 'FENCED'],
]);

interface KafkaFault {
  readonly name?: string;
  readonly type?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error and what it was caused by: kafkajs wraps the broker's word in what it did about it. */
const faultsOf = function* (error: unknown): Generator<KafkaFault> {
  for (let next = error; next instanceof Error; next = (next as KafkaFault).cause) {
    yield next as KafkaFault;
    for (const one of (next as KafkaFault).errors ?? []) yield* faultsOf(one);
  }
};

/** The broker's word, such as UNKNOWN_TOPIC_OR_PARTITION. */
export const typeOf = (error: unknown): string | undefined => {
  for (const { name, type } of faultsOf(error)) {
    if (type !== undefined) return type;
    if (name === 'KafkaJSSASLAuthenticationError') return 'SASL_AUTHENTICATION_FAILED';
  }
  return undefined;
};

/** The error that leaves the adapter; `what` names what was attempted, and on which topic or group. */
export const kafkaError = (error: unknown, what: string): SluiceError => {
  for (const fault of faultsOf(error)) if (fault instanceof SluiceError) return fault;
  const code = codesOfTypes.get(typeOf(error) ?? '') ?? 'EVENT_LOG_UNAVAILABLE';
  return new SluiceError(code, `${what}: Kafka says: ${messageOf(error)}`, { cause: error });
};

/** @throws SluiceError instead of what kafkajs throws */
export const namingFaults = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw kafkaError(error, what);
  }
};
