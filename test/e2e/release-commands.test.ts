import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { onnxModel } from '@sluice/kernel/testing/onnx-model';
import { repository } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';

/** `sluice release init | validate | test` as a user types them, with the programs that they start. */

const axes = { name: 'axes', datatype: 'INT64', shape: [1] } as const;
/** y is the sum of each row of x. */
const sum = onnxModel({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [{ op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['y'], attributes: { keepdims: 1 } }],
  constants: [{ ...axes, data: new Uint8Array(new BigInt64Array([1n]).buffer) }],
});

interface Workplace {
  readonly folder: string;
  put(file: string, content: string | Uint8Array): Promise<void>;
  start(...args: string[]): ChildProcessByStdio<null, Readable, Readable>;
  sluice(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** What the commands left in the temporary folder that is theirs alone. */
  leftovers(): Promise<string[]>;
}

const openWorkplace = async (t: TestContext): Promise<Workplace> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-commands-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const start = (...args: string[]) =>
    spawn(process.execPath, [join(repository, 'cli/main.ts'), 'release', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], TMPDIR: temporary, GRPC_PORT: '1', RUNTIMES_FILE: '/no/such' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    put: (file, content) => writeFile(join(folder, file), content),
    start,
    sluice: async (...args) => {
      const child = start(...args);
      const closed = once(child, 'close');
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      const [code] = (await closed) as [number | null];
      return { code, stdout, stderr };
    },
    leftovers: () => readdir(temporary),
  };
};

const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const goldenOf = (name: string, a: number, b: number, y: number) => ({
  name,
  features: { x_0: a, x_1: b },
  outputs: { y },
});
const rowOf = (a: number, b: number, label: number) => ({ features: { x_0: a, x_1: b }, label });

/** A package of the sum, as init makes it, with what is added. */
const made = async (t: TestContext, evaluation = ''): Promise<Workplace> => {
  const place = await openWorkplace(t);
  await place.put('sum.onnx', sum);
  assert.equal((await place.sluice('init', 'sum.onnx')).code, 0);
  const manifest = await readFile(join(place.folder, 'sum/1.0.0/sluice.yaml'), 'utf8');
  await place.put('sum/1.0.0/sluice.yaml', `${manifest}${evaluation}`);
  return place;
};

interface Report {
  readonly passed: boolean;
  readonly load: { readonly passed: boolean; readonly reason?: string };
  readonly golden: readonly { readonly name: string; readonly passed: boolean; readonly reason?: string }[];
  readonly evaluation?: { readonly from: string; readonly rows: number; readonly metrics: readonly object[] };
}
const tested = async (place: Workplace): Promise<Report & { readonly code: number | null }> => {
  const { code, stdout, stderr } = await place.sluice('test', 'sum/1.0.0', '--output', 'json');
  assert.ok(stdout !== '', stderr);
  return { code, ...(JSON.parse(stdout) as Report) };
};

test('a fresh ONNX file goes from init over validate to test, and nothing is left behind', async (t) => {
  const place = await made(t);
  await place.put('sum/1.0.0/golden.jsonl', jsonl([goldenOf('one and two', 1, 2, 3)]));
  const validated = await place.sluice('validate', 'sum/1.0.0', '--output', 'table');
  assert.equal(validated.code, 0, validated.stderr);
  const { code, stdout } = await place.sluice('test', 'sum/1.0.0', '--output', 'table');
  assert.equal(code, 0);
  assert.match(stdout, /^load +passed +\d+ ms$/m);
  assert.match(stdout, /^one and two +passed +off by 0$/m);
  assert.deepEqual(await place.leftovers(), []);
});

test('golden cases that come out otherwise are all shown, though the runtime stops at the first', async (t) => {
  const place = await made(t);
  const cases = [goldenOf('good', 1, 2, 3), goldenOf('bad', 1, 2, 4), goldenOf('worse', 1, 2, 9)];
  await place.put('sum/1.0.0/golden.jsonl', jsonl(cases));
  const { code, passed, load, golden } = await tested(place);
  assert.deepEqual([code, passed, load.passed], [1, false, false]);
  assert.match(load.reason ?? '', /golden case 'bad': y: expected 4, got 3/);
  assert.deepEqual(
    golden.map(({ name, reason }) => [name, reason]),
    [
      ['good', undefined],
      ['bad', 'y: expected 4, got 3'],
      ['worse', 'y: expected 9, got 3'],
    ],
  );
  assert.deepEqual(await place.leftovers(), []);
});

const gate = (bound: string): string =>
  `evaluation: { dataset: evaluation.jsonl, metrics: { mae: 0.1 }, gate: { mae: "${bound}" } }\n`;

for (const [bound, isMet] of [
  ['<= 0.5', true],
  ['<= 0.4', false],
] as const)
  test(`the gate ${bound} is held against what the server answers to each row`, async (t) => {
    const place = await made(t, gate(bound));
    const rows = Array.from({ length: 100 }, (_, index) => rowOf(index, 1, index + 1 + (index % 2)));
    await place.put('sum/1.0.0/evaluation.jsonl', jsonl(rows));
    const { code, passed, evaluation } = await tested(place);
    assert.deepEqual([code, passed], [isMet ? 0 : 1, isMet]);
    const metric = { metric: 'mae', declared: 0.1, measured: 0.5, gate: bound, passed: isMet };
    assert.deepEqual(evaluation, {
      dataset: 'evaluation.jsonl',
      from: 'measured',
      rows: 100,
      refused: {},
      metrics: [metric],
    });
  });

test('a dataset that is only named is not measured, and the table says so', async (t) => {
  const place = await made(t, gate('<= 0.4').replace('evaluation.jsonl', 'holdout-2024.parquet'));
  const { code, stdout } = await place.sluice('test', 'sum/1.0.0', '--output', 'table');
  assert.equal(code, 0);
  assert.match(stdout, /^mae <= 0\.4 +passed +declared 0\.1$/m);
  assert.match(stdout, /^Nothing was measured, holdout-2024\.parquet is not in the package/m);
});

test('golden cases may be tensors, and a release may have no manifest', async (t) => {
  const place = await openWorkplace(t);
  await mkdir(join(place.folder, 'sum/1'), { recursive: true });
  await place.put('sum/1/model.onnx', sum);
  const x = { name: 'x', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] };
  const y = { name: 'y', datatype: 'FP32', shape: [2, 1], data: [3, 7] };
  await place.put('sum/1/golden.jsonl', jsonl([{ name: 'two rows', inputs: [x], outputs: [y] }]));
  const { code, stdout, stderr } = await place.sluice('test', 'sum/1', '--output', 'table');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^two rows +passed +off by 0$/m);
});

/** Processes that were started with this folder as their state. */
const runningIn = async (folder: string): Promise<string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''));
  const found = (await Promise.all(environments)).map((each) => each.includes(`SLUICE_HOME=${folder}`));
  return pids.filter((_, index) => found[index]);
};

test('Ctrl-C in the midst of it leaves no process and no file', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const place = await made(t);
  const child = place.start('test', 'sum/1.0.0');
  const closed = once(child, 'close');
  await waitFor('two processes', async () => (await runningIn(place.folder)).length === 2);
  child.kill('SIGINT');
  const [code] = (await closed) as [number | null];
  assert.equal(code, 130);
  assert.deepEqual(await runningIn(place.folder), []);
  assert.deepEqual(await place.leftovers(), []);
});

test('a program that ends by itself, and one that is not ready in time, fail the test with the reason', async (t) => {
  const place = await made(t);
  const late = await place.sluice('test', 'sum/1.0.0', '--timeout', '0.05', '--output', 'table');
  assert.equal(late.code, 1);
  assert.match(late.stdout, /^load +FAILED +it was not ready within 0\.05 s$/m);
  const child = place.start('test', 'sum/1.0.0', '--output', 'table');
  const printed = text(child.stdout);
  const [pid] = await waitFor('a process', async () => {
    const pids = await runningIn(place.folder);
    return pids.length > 0 && pids;
  });
  process.kill(Number(pid), 'SIGKILL');
  assert.match(await printed, /^load +FAILED +the model-runtime was killed by SIGKILL/m);
  assert.deepEqual(await place.leftovers(), []);
});
