/**
 * `npm run kafka`: a real Kafka of one node for development, on port 9092 where that is free, until Ctrl-C. What it
 * holds goes with it.
 */
import { once } from 'node:events';
import { startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import { isFree } from '@sluice/kernel/testing/free-port';

const usualPort = 9092;
const server = await startKafka((await isFree(usualPort)) ? { port: usualPort } : {});
console.log(
  `Kafka is ready; Ctrl-C ends it and removes what it holds.\n\n  export EVENT_LOG_URL=${server.url}\n`,
);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await server[Symbol.asyncDispose]();
