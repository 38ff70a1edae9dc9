/**
 * Reads a topic again and again, in small batches, until it is killed: `log-reader.ts <url> <topic>`. Prints a line for
 * each thousand messages.
 */
import { openEmbeddedLog } from '../embedded/open-embedded-log.ts';
import { readAll } from './collect.ts';

const [url = '', topic = ''] = process.argv.slice(2);
const log = await openEmbeddedLog(url);
for (;;) {
  await readAll(log, topic, 1_000);
  console.log('1000');
}
