/**
 * Appends to a spool until its disk is full: `fill-spool.ts <folder of a small disk> <file that takes room there>`. Then
 * makes room, and appends again. Prints as JSON what came of it. Without a file the disk stays as it is.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../event-log/testing/eventually.ts';
import { predictionsTopic } from '../../records/topics.ts';
import { openSpool } from '../open-spool.ts';
import { entry } from './entries.ts';
import { keptLog, nowhere } from './temporary-spool.ts';

const [folder = '', room = ''] = process.argv.slice(2);
const value = Buffer.alloc(10_000, 'x');
const open = () =>
  openSpool({
    folder: join(folder, 'spool'),
    limits: { maxBytes: 1_000_000_000, maxAgeMs: 3_600_000, segmentBytes: 1_000_000_000 },
    topics: new Map([[predictionsTopic, []]]),
    eventLog: nowhere,
    readWatermarks: async () => [],
    watermarkPollMs: 1_000,
    adoptPollMs: 1_000,
    drainMs: 0,
    log: keptLog().log,
  });

let spool = await open();
const kept: number[] = [];
const append = (number: number): Promise<unknown> =>
  spool.append(entry(number, { value }), number % 3 === 0).then(
    () => kept.push(number) && undefined,
    ({ code, message }) => ({ code, message }),
  );

let number = 0;
let error: unknown;
while (error === undefined && number < 2_000) {
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => append(number++)));
  error = outcomes.find((outcome) => outcome !== undefined);
}
// Who is not waited for does not end the process either.
void spool.append(entry(number++, { value: Buffer.alloc(5_000_000) }), true);
if (room !== '') {
  rmSync(room);
  await eventually('room', async () => (await append(number++)) === undefined);
}
const missing = async (): Promise<number> => {
  let count = 0;
  for (const each of kept) if ((await spool.find(predictionsTopic, entry(each).id)) === undefined) count += 1;
  return count;
};
const before = await missing();
const { entries } = spool.depth();
await spool[Symbol.asyncDispose]();
spool = await open();
console.log(
  JSON.stringify({
    filled: kept.length > 10,
    error,
    missing: [before, await missing()],
    lost: kept.length - entries,
  }),
);
await spool[Symbol.asyncDispose]();
