import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { sharedKafka } from '@sluice/kernel/event-log/testing/kafka-log';
import { skipAnyKafka } from '@sluice/kernel/event-log/testing/kafka-server';

/** A kind of event log that a command is tried on. */
export interface EventLogPlace {
  readonly name: string;
  /** Why not; false: it is. */
  readonly skip: string | false;
  /** EVENT_LOG_URL; an embedded one goes with the test. */
  url(t: TestContext): Promise<string>;
}

export const embeddedPlace: EventLogPlace = {
  name: 'the embedded log',
  skip: false,
  url: async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    return `lmdb:${folder}`;
  },
};

export const kafkaPlace: EventLogPlace = {
  name: 'Kafka',
  skip: skipAnyKafka,
  url: async () => (await sharedKafka()).url,
};
