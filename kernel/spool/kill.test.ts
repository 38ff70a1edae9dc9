import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { eventually } from '../event-log/testing/eventually.ts';
import { predictionsTopic } from '../records/topics.ts';
import { entry } from './testing/entries.ts';
import { headerOf, patienceMs, shippedTo } from './testing/shipped.ts';
import { temporarySpools } from './testing/temporary-spool.ts';

const program = join(import.meta.dirname, 'testing/spool-writer.ts');

/** A writer that is killed when it has appended so many; what was acknowledged to it. */
const writeAndKill = async (root: string, url: string, first: number, count: number): Promise<number[]> => {
  const writer = spawn(process.execPath, [program, root, url, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === count) writer.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
};

test('what was acknowledged to a process that is killed is all there, and is shipped in order', async (t) => {
  const { root, url, open } = await temporarySpools(t);
  const acknowledged = new Set<number>();
  for (let round = 0; round < 5; round += 1)
    for (const number of await writeAndKill(root, url, round * 1_000_000, 200 + round * 300))
      acknowledged.add(number);
  const spool = await open();
  for (const number of acknowledged)
    assert.ok(await spool.find(predictionsTopic, entry(number).id), `${number}`);
  const ids = new Set<string | undefined>();
  await eventually(
    'all to be shipped',
    async () => {
      for (const message of await shippedTo(url, acknowledged.size)) ids.add(headerOf(message, 'ce_id'));
      return [...acknowledged].every((number) => ids.has(entry(number).id));
    },
    patienceMs,
  );
  const messages = await shippedTo(url, acknowledged.size);
  for (let partition = 0; partition < 4; partition += 1) {
    const sequences = messages
      .filter((message) => message.partition === partition)
      .map((message) => Number(headerOf(message, 'sluice.sequence')));
    const firsts = [...new Set(sequences)];
    assert.deepEqual(
      firsts,
      firsts.toSorted((one, other) => one - other),
    );
  }
});
