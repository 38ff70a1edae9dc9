import kafkajs, { Kafka, logLevel } from 'kafkajs';
import type { KafkaServer } from '../kafka-server.ts';
import { brokerUser } from './broker-properties.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

type Admin = ReturnType<Kafka['admin']>;

const withAdmin = async (server: KafkaServer, work: (admin: Admin) => Promise<unknown>): Promise<void> => {
  const brokers = [`127.0.0.1:${server.ports.plain}`];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
};

/** What the rules say of brokerUser and a topic. */
const rule = (resourceName: string, operation: kafkajs.AclOperationTypes, allowed: boolean) => ({
  resourceType: AclResourceTypes.TOPIC,
  resourceName,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: `User:${brokerUser.username}`,
  host: '*',
  operation,
  permissionType: allowed ? AclPermissionTypes.ALLOW : AclPermissionTypes.DENY,
});

const operations = { write: AclOperationTypes.WRITE, read: AclOperationTypes.READ };
export type Right = keyof typeof operations;

/** brokerUser may do nothing of this kind with a topic, but the other. */
export const deny = (server: KafkaServer, topic: string, right: Right): Promise<void> => {
  const other = right === 'write' ? 'read' : 'write';
  const acl = [rule(topic, operations[right], false), rule(topic, operations[other], true)];
  return withAdmin(server, (admin) => admin.createAcls({ acl }));
};

/** Takes a denial back. */
export const allow = (server: KafkaServer, topic: string, right: Right): Promise<void> =>
  withAdmin(server, async (admin) => {
    await admin.deleteAcls({ filters: [rule(topic, operations[right], false)] });
    await admin.createAcls({ acl: [rule(topic, operations[right], true)] });
  });
