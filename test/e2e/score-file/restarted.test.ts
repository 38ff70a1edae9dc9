import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { features } from '../../support/churn.ts';
import { readJsonl, rowsInJournal, startScoring, writeLines } from '../../support/scored-file.ts';
import { exampleStore, startGateway, startRuntime } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';

/** So long that a part has few rows, and so many that a run goes on for a while when it has written the first one. */
const [note, count] = ['x'.repeat(8_000), 12_000];

function* lines(): Generator<string> {
  for (let number = 0; number < count; number += 1)
    yield `${JSON.stringify({ number, note, ...features() })}\n`;
}

const portOf = (address: string): string => address.split(':').at(-1) ?? '';

test('a gateway that is killed and started again loses no row', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-restarted-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [path, out] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
  await writeLines(path, lines());
  const runtime = stack.use(await startRuntime());
  const first = stack.use(await startGateway([runtime.grpc]));
  const args = [path, '-m', 'churn', '--keep', 'number,note', '-o', out];
  const scoring = stack.use(startScoring(first.http, args));
  await waitFor('a part', () => rowsInJournal(out) > 0, 60_000);
  first.signal('SIGKILL');
  await first.exited;
  const before = rowsInJournal(out);
  const ports = { HTTP_PORT: portOf(first.http), GRPC_PORT: portOf(first.grpc) };
  stack.use(await startGateway([runtime.grpc], exampleStore, ports));
  assert.equal(await scoring.exited, 0, scoring.stderr.join('\n'));
  assert.ok(before < count, `${before} rows were done when the gateway was killed`);
  const rows = await readJsonl(out);
  assert.deepEqual(
    rows.map(({ number, outcome }) => [number, outcome]),
    Array.from({ length: count }, (_, number) => [number, 'prediction']),
  );
});

test('a gateway that stays away ends the run, which says how to go on', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-restarted-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [path, out] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
  await writeLines(path, lines());
  const runtime = stack.use(await startRuntime());
  const gateway = stack.use(await startGateway([runtime.grpc]));
  const args = [path, '-m', 'churn', '--keep', 'number,note', '--patience', '1', '-o', out];
  const scoring = stack.use(startScoring(gateway.http, args));
  await waitFor('a part', () => rowsInJournal(out) > 0, 60_000);
  gateway.signal('SIGKILL');
  assert.equal(await scoring.exited, 69);
  assert.match(scoring.stderr.join('\n'), /answered nothing for 1 s .*--resume goes on with it/);
});
