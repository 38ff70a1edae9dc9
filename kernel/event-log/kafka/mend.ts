import { createRequire } from 'node:module';
import { type FetchedPartition, hideAborted } from './hide-aborted.ts';
import { mendGroup } from './mend-group.ts';
import { mendProduce } from './mend-produce.ts';

/**
 * What of kafkajs 2.2.4 cannot be mended from outside is replaced on its classes, once, here. The project has had no
 * release since 2023 (https://github.com/tulios/kafkajs/issues/1753); the version is pinned, and what is touched here
 * is covered by the tests of this folder.
 */
const require = createRequire(import.meta.url);

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * On Node 24 each connection warned of a negative timer; with nothing pending none is needed
 * (https://github.com/tulios/kafkajs/issues/1751).
 */
const mendTimer = (): void => {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
};

interface Retried {
  readonly name?: string;
  readonly cause?: { readonly retriable?: boolean };
  retriable?: boolean;
}

/** Ways to the brokers, each of which tries some times for itself. */
const ways = [
  'connect',
  'refreshMetadata',
  'refreshMetadataIfNecessary',
  'findBroker',
  'withBroker',
] as const;
type BrokerPool = Record<(typeof ways)[number], (...args: unknown[]) => Promise<unknown>>;

/**
 * While a send is tried again and no broker answers for some seconds, looking for one fails with an error that is
 * never tried again, although its cause would be: the send ended with the first longer absence
 * (https://github.com/tulios/kafkajs/issues/1122 is of the same kind).
 */
const mendAbsence = (): void => {
  const { prototype } = require('kafkajs/src/cluster/brokerPool') as { prototype: BrokerPool };
  for (const way of ways) {
    const original = prototype[way];
    prototype[way] = async function (...args) {
      try {
        return await original.apply(this, args);
      } catch (error) {
        const { name, cause } = error as Retried;
        if (name === 'KafkaJSNumberOfRetriesExceeded' && cause?.retriable)
          (error as Retried).retriable = true;
        throw error;
      }
    };
  }
};

interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
}

/** What was aborted was read now and then where several transactions were aborted at a time: hide-aborted.ts. */
const mendAborted = (): void => {
  const { prototype } = require('kafkajs/src/broker') as {
    prototype: { fetch(request: unknown): Promise<FetchResponse> };
  };
  const { fetch } = prototype;
  prototype.fetch = async function (request) {
    const answer = await fetch.call(this, request);
    for (const { partitions } of answer.responses) for (const partition of partitions) hideAborted(partition);
    return answer;
  };
};

const mended = Symbol.for('sluice.kafkajs.mended');

/** Does it once in a process, however often this module is loaded. */
export const mendKafkajs = (): void => {
  const kafkajs = require('kafkajs') as { [mended]?: boolean };
  if (kafkajs[mended]) return;
  kafkajs[mended] = true;
  mendTimer();
  mendGroup();
  mendAbsence();
  mendAborted();
  mendProduce();
};
