import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readParquet, writeLines } from '../../support/scored-file.ts';
import { startSluice } from '../../support/sluice.ts';
import { runCommand } from '../../support/sluice-command.ts';

/** Prints the most memory that a process had, in KiB, when it ends. */
const tellMemory = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => writeSync(2, 'KiB: ' + process.resourceUsage().maxRSS + '\\n'));`,
)}`;

/** A process that only starts has 130 MiB; all rows at once would have several hundred more. */
const maxKiB = 400 * 1024;

test('two hundred thousand rows need no more memory than some', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-many-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { gateway } = stack.use(await startSluice());
  const count = 200_000;
  const [path, out] = [join(folder, 'many.jsonl'), join(folder, 'many.parquet')];
  const line = `${JSON.stringify({ tenure: 1, monthly_charges: 20, contract: 'Two year', note: 'x'.repeat(600) })}\n`;
  await writeLines(
    path,
    Array.from({ length: count / 1_000 }, () => line.repeat(1_000)),
  );
  const args = ['-m', 'churn', '--ignore-unknown', '-o', out];
  const { stderr, exitCode } = await runCommand(['score-file', path, ...args, '--server', gateway.http], {
    NODE_OPTIONS: `--import ${tellMemory}`,
  });
  assert.equal(exitCode, 0, stderr);
  const [, kibibytes] = /^KiB: (\d+)$/m.exec(stderr) ?? [];
  assert.ok(Number(kibibytes) < maxKiB, `${kibibytes} KiB`);
  assert.equal((await readParquet(out)).length, count);
});
