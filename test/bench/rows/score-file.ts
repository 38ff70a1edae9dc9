import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '../../support/sluice-command.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { withCpu } from '../load/run-question.ts';
import { trees, treesRows } from '../model/trees.ts';
import type { Row } from './row.ts';

/** A process of its own each time, whose code is compiled anew: so many that this does not matter. */
const rows = 200_000;

interface Report {
  readonly predictions: number;
  readonly rowsPerSecond: number;
}

function* lines(): Generator<string> {
  const { names, rows: known } = treesRows();
  yield `${names.map((name) => `"${name}"`).join(',')}\n`;
  for (let row = 0; row < rows; row += 1) yield `${known[row % known.length]?.join(',')}\n`;
}

const inputIn = ({ folder }: Bench): string => join(folder, 'score-file.csv');

const score = async (bench: Bench): Promise<Report> => {
  const { http, grpc } = await bench.system('sluice');
  const out = join(bench.folder, 'score-file.parquet');
  const args = ['-m', trees.name, '-o', out, '--server', http, '--grpc-server', grpc];
  const { exitCode, stdout, stderr } = await runCommand(['score-file', inputIn(bench), ...args]);
  assert.equal(exitCode, 0, stderr);
  await rm(out);
  const report = JSON.parse(stdout) as Report;
  assert.equal(report.predictions, rows, 'each row has a prediction');
  return report;
};

const sampleOf = async (bench: Bench): Promise<Sample> => {
  const system = await bench.system('sluice');
  const { result, cpu } = await withCpu(
    system,
    () => score(bench),
    () => rows,
  );
  return { requestsPerSecond: result.rowsPerSecond, rowsPerSecond: result.rowsPerSecond, ...cpu };
};

/** `sluice score-file` of a CSV file into a Parquet file, from the first row that is read to the whole file. */
export const scoreFileRow = (): Row => ({
  name: 'score-file',
  title: `sluice score-file, ${rows.toLocaleString('en-US')} rows of CSV into Parquet`,
  section: 'rows',
  against: { label: '`predict-stream`', rows: ['predict-stream'] },
  needs: [],
  prepare: async (bench) => {
    await pipeline(lines(), createWriteStream(inputIn(bench)));
    await score(bench);
  },
  measure: sampleOf,
});
