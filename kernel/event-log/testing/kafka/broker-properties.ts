import { join } from 'node:path';

export interface BrokerPorts {
  /** Without encryption and names; who comes here may do anything. */
  readonly plain: number;
  readonly controller: number;
  /** TLS, with a certificate of the client where it has one. */
  readonly tls: number;
  /** TLS, with name and password. */
  readonly saslTls: number;
}

/** PEM files; one with the certificate and its key (PKCS #8), as Kafka wants them. */
export interface BrokerCertificate {
  readonly certFile: string;
  readonly chainFile: string;
}

export interface BrokerFiles {
  readonly folder: string;
  readonly ports: BrokerPorts;
  readonly certificate?: BrokerCertificate | undefined;
  /** Over what the broker is told otherwise. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Who the doors with names let in, with the same right as anybody but where a rule says otherwise. */
export const brokerUser = { username: 'sluice', password: 'sluice-test-secret' } as const;

const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${brokerUser.username}="${brokerUser.password}";`;
const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

const secured = ({ certFile, chainFile }: BrokerCertificate): Record<string, string> => ({
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': chainFile,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': certFile,
  'ssl.client.auth': 'requested',
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.sasl_ssl.plain.sasl.jaas.config': plainLogin,
  'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': scramLogin,
  'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': scramLogin,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'allow.everyone.if.no.acl.found': 'true',
});

/** One node that is broker and controller, with few threads and partitions of its own. */
const oneNode = ({ folder, ports }: BrokerFiles): Record<string, string> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL',
  'log.dirs': join(folder, 'data'),
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  // After a kill it is let in again when this time is over; 9 s otherwise.
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'auto.create.topics.enable': 'false',
  'num.network.threads': '2',
  'num.io.threads': '2',
  'log.cleaner.threads': '1',
  // What it holds for the cleaner of compacted topics; 128 MiB otherwise.
  'log.cleaner.dedupe.buffer.size': '2097152',
});

const listeners = ({ ports, certificate }: BrokerFiles): Record<string, string> => {
  const plain = [`PLAINTEXT://127.0.0.1:${ports.plain}`];
  const doors = certificate
    ? [...plain, `SSL://127.0.0.1:${ports.tls}`, `SASL_SSL://127.0.0.1:${ports.saslTls}`]
    : plain;
  return {
    listeners: [...doors, `CONTROLLER://127.0.0.1:${ports.controller}`].join(','),
    'advertised.listeners': doors.join(','),
  };
};

/** The text of a server.properties. */
export const brokerProperties = (files: BrokerFiles): string => {
  const { certificate, properties } = files;
  const all = {
    ...oneNode(files),
    ...listeners(files),
    ...(certificate ? secured(certificate) : {}),
    ...properties,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};
