/**
 * Appends numbered entries until it is killed: `spool-writer.ts <folder> <url of the log> <first number>`. Prints the
 * number of each that was acknowledged.
 */
import { writeSync } from 'node:fs';
import { predictionsTopic } from '../../records/topics.ts';
import { openSpool } from '../open-spool.ts';
import { entry } from './entries.ts';
import { keptLog } from './temporary-spool.ts';

const [folder = '', url = '', first = '0'] = process.argv.slice(2);
const spool = await openSpool({
  folder,
  limits: { maxBytes: 1_000_000_000, maxAgeMs: 3_600_000, segmentBytes: 50_000 },
  topics: new Map([[predictionsTopic, []]]),
  eventLog: { url },
  readWatermarks: async () => [],
  watermarkPollMs: 1_000,
  adoptPollMs: 1_000,
  drainMs: 0,
  log: keptLog().log,
});
let number = Number(first);
const lane = async (fsync: boolean): Promise<void> => {
  for (;;) {
    const mine = number++;
    await spool.append(entry(mine), fsync);
    writeSync(1, `${mine}\n`);
  }
};
await Promise.all([...Array.from({ length: 16 }, () => lane(false)), lane(true)]);
