/**
 * Sends numbered messages of some keys until it is killed: `log-writer.ts <url> <topic> <run>`. Prints how many rounds
 * were acknowledged, after each.
 */
import { openEmbeddedLog } from '../embedded/open-embedded-log.ts';
import { message } from './messages.ts';

const [url = '', topic = '', run = ''] = process.argv.slice(2);
const keys = ['a', 'b', 'c', 'd'].map((key) => `${run}-${key}`);
const log = await openEmbeddedLog(url);
const producer = await log.openProducer();
for (let round = 0; ; round += 1) {
  const messages = keys.flatMap((key) => [message(key, `${round}`), message(key, `${round}`.padEnd(3_000))]);
  await producer.send([{ topic, messages }]);
  process.stdout.write(`${round + 1}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
