/**
 * Opens a log and closes it until it is killed: `log-opener.ts <url> [topic]`. Sends a message each time when there is a
 * topic. Prints how often, after each time.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { openEmbeddedLog } from '../embedded/open-embedded-log.ts';
import { message, sendAll } from './messages.ts';

const [url = '', topic] = process.argv.slice(2);
for (let count = 1; ; count += 1) {
  const log = await openEmbeddedLog(url);
  if (topic !== undefined) await sendAll(log, { topic, messages: [message('a', `${count}`)] });
  await log[Symbol.asyncDispose]();
  process.stdout.write(`${count}\n`);
  await turn();
}
