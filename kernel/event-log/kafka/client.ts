import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Kafka, type KafkaConfig, type logCreator, logLevel } from 'kafkajs';
import type { EventLogSettings, KafkaSettings } from '../../config/event-log.ts';
import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Log } from '../../telemetry/log.ts';
import { registerCodecs } from './codecs.ts';
import { mendKafkajs } from './mend.ts';
import { parseKafkaUrl } from './parse-url.ts';

/** A connection that is not made by then is tried at another broker. */
const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 15_000;

/** About four seconds, after which whoever asked is told. */
const usualRetries = 6;
const retry = { initialRetryTime: 50, maxRetryTime: 1_000, multiplier: 2 };

/** Makes clients of kafkajs: each thing that is opened has its own, since they share offsets of groups otherwise. */
export type NewClient = (retries?: number) => Kafka;

const refuse = (message: string): never => {
  throw new SluiceError('INVALID_INPUT', message);
};

const readPem = async (variable: string, file: string | undefined): Promise<string | undefined> => {
  if (file === undefined) return undefined;
  return readFile(file, 'utf8').catch((error) => refuse(`${variable}: ${messageOf(error)}`));
};

const readTls = async (settings: KafkaSettings): Promise<ConnectionOptions | boolean> => {
  const { tls = false, caFile, certFile, keyFile } = settings;
  if ((certFile === undefined) !== (keyFile === undefined))
    refuse('KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE: expected both or neither');
  const ca = await readPem('KAFKA_TLS_CA', caFile);
  const cert = await readPem('KAFKA_TLS_CERT_FILE', certFile);
  const key = await readPem('KAFKA_TLS_KEY_FILE', keyFile);
  if (ca === undefined && cert === undefined) return tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
};

const saslOf = ({ mechanism, user, password }: KafkaSettings): Pick<KafkaConfig, 'sasl'> => {
  if (mechanism === undefined && user === undefined && password === undefined) return {};
  if (user === undefined || password === undefined)
    return refuse('KAFKA_USER and KAFKA_PASSWORD: expected both where one or KAFKA_SASL_MECHANISM is given');
  const login = { username: user, password };
  if (mechanism === 'plain') return { sasl: { mechanism, ...login } };
  if (mechanism === 'scram-sha-256') return { sasl: { mechanism, ...login } };
  return { sasl: { mechanism: 'scram-sha-512', ...login } };
};

/** Normal between two transactions; kafkajs waits and tries again (https://github.com/tulios/kafkajs/issues/304). */
const normal = /ongoing transaction|CONCURRENT_TRANSACTIONS|concurrent/i;

/**
 * What kafkajs calls an error it mostly tries again, and what comes of it is thrown: its errors are warnings here, and
 * the rest is for debugging.
 */
const logCreatorOf =
  (log: Log | undefined): logCreator =>
  () =>
  ({ level, namespace, log: { message, timestamp: _, logger: __, stack: ___, ...fields } }) => {
    if (log === undefined) return;
    const isWarning = level <= logLevel.WARN && !normal.test(message);
    log[isWarning ? 'warn' : 'debug']({ ...fields, namespace }, `kafka: ${message}`);
  };

/** @throws SluiceError INVALID_INPUT naming the variable that is wrong */
export const prepareClients = async (
  { url, kafka = {} }: EventLogSettings,
  log: Log | undefined,
): Promise<NewClient> => {
  mendKafkajs();
  registerCodecs();
  const config: KafkaConfig = {
    brokers: parseKafkaUrl(url),
    clientId: kafka.clientId ?? 'sluice',
    ssl: await readTls(kafka),
    ...saslOf(kafka),
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    logLevel: logLevel.INFO,
    logCreator: logCreatorOf(log),
  };
  return (retries = usualRetries) => new Kafka({ ...config, retry: { ...retry, retries } });
};
