import { startSluice } from '../support/sluice.ts';
import { measureGrowth } from './growth.ts';
import type { Load } from './load.ts';
import { renderReport, writePage } from './report.ts';
import { benchRows } from './rows.ts';
import { measureStart } from './start-time.ts';

/** `npm run bench [-- --write]`: prints the tables; --write puts them into docs/benchmarks.md. */

const rounds = 5;
const say = (line: string): void => console.error(line);

// As `npm start` does it; the first start fills the cache, so that the measured one has it.
const env = { NODE_COMPILE_CACHE: 'node_modules/.cache/sluice-bench' };
const start = () => startSluice({ env, runtimeEnv: env });

say('start time…');
const startTime = await measureStart();
await (await start())[Symbol.asyncDispose]();
say('memory…');
const growth = await (async () => {
  await using sluice = await start();
  return await measureGrowth(sluice);
})();

await using sluice = await start();
using stack = new DisposableStack();
const rows = benchRows(sluice, stack).map((row) => ({ ...row, rounds: [] as Load[] }));
for (const { measure } of rows) await measure();
for (let round = 1; round <= rounds; round += 1) {
  for (const row of rows) {
    say(`round ${round} of ${rounds}: ${row.name}`);
    row.rounds.push(await row.measure());
  }
}
const report = renderReport({ rows, growth, start: startTime });
console.log(report);
if (process.argv.includes('--write')) writePage(report);
