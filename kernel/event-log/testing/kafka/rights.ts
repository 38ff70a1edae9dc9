import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../eventually.ts';
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

type Rule = ReturnType<typeof rule>;

/** The broker follows its controller: a rule that was made may not hold yet. */
const untilInForce = (admin: Admin, wanted: Rule, isThere: boolean): Promise<void> =>
  eventually('a rule about rights to be in force', async () => {
    const { resources } = await admin.describeAcls(wanted);
    return resources.length > 0 === isThere;
  });

/** brokerUser may do nothing of this kind with a topic, but the other. */
export const deny = (server: KafkaServer, topic: string, right: Right): Promise<void> => {
  const other = right === 'write' ? 'read' : 'write';
  const acl = [rule(topic, operations[right], false), rule(topic, operations[other], true)];
  return withAdmin(server, async (admin) => {
    await admin.createAcls({ acl });
    for (const each of acl) await untilInForce(admin, each, true);
  });
};

/** Takes a denial back. */
export const allow = (server: KafkaServer, topic: string, right: Right): Promise<void> =>
  withAdmin(server, async (admin) => {
    const denial = rule(topic, operations[right], false);
    const permission = rule(topic, operations[right], true);
    await admin.deleteAcls({ filters: [denial] });
    await admin.createAcls({ acl: [permission] });
    await untilInForce(admin, denial, false);
    await untilInForce(admin, permission, true);
  });
