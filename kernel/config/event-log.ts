import { z } from 'zod';
import { count, flag } from './environment.ts';

/** The variables of every process that opens the event log. */
export const eventLogShape = {
  EVENT_LOG_URL: z
    .string()
    .optional()
    .describe('event log, lmdb: or kafka:; default lmdb:<SLUICE_HOME>/event-log'),
  KAFKA_CLIENT_ID: z.string().default('sluice').describe('name of this process in the logs of Kafka'),
  KAFKA_TLS: flag()
    .default(false)
    .describe('whether Kafka is reached by TLS; the three below turn it on, too'),
  KAFKA_TLS_CA: z
    .string()
    .optional()
    .describe('PEM file of the certificates that are trusted in place of the well-known ones'),
  KAFKA_TLS_CERT_FILE: z.string().optional().describe('PEM file of the certificate that is shown to Kafka'),
  KAFKA_TLS_KEY_FILE: z.string().optional().describe('PEM file of its private key'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('how Kafka is told KAFKA_USER and KAFKA_PASSWORD; default scram-sha-512 where they are given'),
  KAFKA_USER: z.string().optional().describe('user at Kafka'),
  KAFKA_PASSWORD: z.string().optional().describe('its password'),
  KAFKA_REPLICATION_FACTOR: count(1, 32_767)
    .optional()
    .describe('copies of the topics that are made; default is what the brokers are configured to'),
};

/** How Kafka is reached; plain data. */
export interface KafkaSettings {
  readonly clientId?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly replicationFactor?: number | undefined;
}

/** What openEventLog is told; plain data, so that a thread can be given it. */
export interface EventLogSettings {
  readonly url: string;
  /** Means nothing to the embedded log. */
  readonly kafka?: KafkaSettings;
}

type EventLogConfig = {
  readonly [Name in keyof typeof eventLogShape]?: z.infer<(typeof eventLogShape)[Name]> | undefined;
} & { readonly SLUICE_HOME: string };

export const eventLogOf = (config: EventLogConfig): EventLogSettings => ({
  url: config.EVENT_LOG_URL ?? `lmdb:${config.SLUICE_HOME}/event-log`,
  kafka: {
    clientId: config.KAFKA_CLIENT_ID,
    tls: config.KAFKA_TLS,
    caFile: config.KAFKA_TLS_CA,
    certFile: config.KAFKA_TLS_CERT_FILE,
    keyFile: config.KAFKA_TLS_KEY_FILE,
    mechanism: config.KAFKA_SASL_MECHANISM,
    user: config.KAFKA_USER,
    password: config.KAFKA_PASSWORD,
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
  },
});
