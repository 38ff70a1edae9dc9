import { writeFileSync } from 'node:fs';
import { type BenchArguments, readArguments, usage } from './arguments.ts';
import { openBench } from './bench.ts';
import { describeMachine, versionOf } from './report/machine.ts';
import { writePage } from './report/page.ts';
import { renderReport } from './report/render.ts';
import { asJson } from './report/samples-json.ts';
import { type Row, sections } from './rows/row.ts';
import { allRows } from './rows.ts';
import { type Results, runRows } from './run-rows.ts';

/** `npm run bench`: measures and prints the tables; docs/benchmarks.md says how it is used. */

const exitUsage = 64;
const exitUnavailable = 69;
const exitInterrupted = 130;

const say = (text: string): void => console.error(text);

const fail = (code: number, text: string): never => {
  console.error(`bench: ${text}`);
  process.exit(code);
};

const readOrExit = (): BenchArguments => {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    return fail(exitUsage, `${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
};

const choose = (rows: readonly Row[], names: readonly string[]): readonly Row[] => {
  const unknown = names.filter((name) => !(name in sections) && !rows.some((row) => row.name === name));
  if (unknown.length > 0) fail(exitUsage, `no row or section ${unknown.join(', ')}; --list names them`);
  return names.length === 0
    ? rows
    : rows.filter(({ name, section }) => names.includes(name) || names.includes(section));
};

const list = (rows: readonly Row[]): void => {
  for (const { name, section, title } of rows)
    console.log(`${name.padEnd(24)} ${section.padEnd(10)} ${title}`);
};

const assertTools = (rows: readonly Row[]): void => {
  const needsH2load = rows.some(({ needs }) => needs.includes('h2load'));
  if (needsH2load && versionOf('h2load', ['--version']) === undefined)
    fail(exitUnavailable, 'h2load is not there (Debian: apt install nghttp2-client)');
};

const measure = async (rows: readonly Row[], args: BenchArguments): Promise<Results> => {
  await using bench = await openBench({ ...args, say });
  const interrupt = async (): Promise<void> => {
    await bench[Symbol.asyncDispose]();
    process.exit(exitInterrupted);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupt());
  return await runRows(bench, { rows, rounds: args.rounds, say });
};

const args = readOrExit();
const rows = choose(allRows(), args.names);
if (args.help) console.log(usage);
else if (args.list) list(rows);
else {
  assertTools(rows);
  const results = await measure(rows, args);
  const command = [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
  ].join(' ');
  const about = { ...describeMachine(), command };
  const report = renderReport(results, about);
  console.log(report);
  if (args.write) writePage(report);
  if (args.json !== undefined) writeFileSync(args.json, asJson(results, about));
  process.exitCode = results.failures.length === 0 ? 0 : 1;
}
