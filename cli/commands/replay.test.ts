import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ReplayReport } from '../replay/tally.ts';
import { idOf, pageOf, type Recorded, recordedPrediction } from '../testing/recorded.ts';
import { type Outcome, type RunOptions, runSluice } from '../testing/run-sluice.ts';
import { type DoorAnswer, type DoorRequest, standInDoor, unknownRoute } from '../testing/stand-in-door.ts';
import { temporaryFolder } from '../testing/temporary-package.ts';

const refusal = { refusal: { code: 'TOO_OLD', message: 'too old' } };
const invalid = { status: 422, body: { code: 'INVALID_INPUT', message: 'tenure: expected at most 3' } };

/** churn 1.1.0: a tenth more, yes from 0.05 on; 4 is refused, 5 is invalid. */
const predictAgain = ({ body }: DoorRequest): DoorAnswer => {
  const { features } = JSON.parse(body.toString()) as { features: { tenure: number } };
  const { tenure } = features;
  if (tenure === 5) return invalid;
  if (tenure === 4) return { body: refusal };
  const probability = tenure / 100 + (tenure === 1 ? 0 : 0.1);
  return { body: { prediction: { outputs: { probability, churn: probability < 0.05 ? 'no' : 'yes' } } } };
};

const release: DoorAnswer = { body: { release: { release: { name: 'churn', version: '1.1.0' } } } };

const setUp = async (
  t: TestContext,
  recorded: readonly Recorded[],
  infer?: (request: DoorRequest) => DoorAnswer,
) => {
  const asked: DoorRequest[] = [];
  const predictions = recorded.map((each, index) => recordedPrediction(index, each));
  const server = await standInDoor(t, (request) => {
    asked.push(request);
    if (request.path === '/v1/predictions') return pageOf(predictions, request);
    if (request.path === '/v1/models/churn/versions/challenger') return release;
    if (request.path === '/v1/models/churn/versions/1.1.0:predict') return predictAgain(request);
    return infer?.(request) ?? unknownRoute;
  });
  const args = [
    'replay',
    '--model',
    'churn',
    '--release',
    'challenger',
    '--from',
    '2026-11-20',
    '--server',
    server,
  ];
  return {
    asked,
    run: (more: readonly string[] = [], options: RunOptions = {}): Promise<Outcome> =>
      runSluice([...args, ...more], options),
    report: async (...more: string[]): Promise<ReplayReport> =>
      JSON.parse((await runSluice([...args, ...more])).stdout) as ReplayReport,
  };
};

const eight: Recorded[] = [
  ...Array.from({ length: 6 }, () => ({})),
  { record: { outcome: { failure: { code: 'INVALID_INPUT', message: '' } } } },
  { record: { redactions: [{ feature: 'email', how: 'drop' }], notReplayable: 'features are hidden' } },
  { record: { input: { omitted: { digest: 'sha256:ab', size: 7 } } } },
  { record: { outcome: refusal } },
];

test('recorded inputs are sent to the other release as a replay, and answers are compared', async (t) => {
  const { report, asked } = await setUp(t, eight);
  const { numbers, categories, reasons, ...counts } = await report();
  const sent = asked.filter(({ method }) => method === 'POST');
  assert.equal(sent.length, 7);
  for (const { headers } of sent) assert.equal(headers['sluice-synthetic'], 'replay');
  assert.deepEqual(
    { ...counts, reasons: [], from: '', to: '' },
    {
      model: 'churn',
      release: '1.1.0',
      from: '',
      to: '',
      recorded: { '1.0.0': 7 },
      compared: 7,
      same: 1,
      different: 3,
      newlyRefused: 1,
      newlyFailing: 1,
      newlyAnswered: 1,
      skipped: { failure: 1, redacted: 1, omitted: 1 },
      reasons: [],
    },
  );
  assert.deepEqual(
    reasons.toSorted((a, b) => a.code.localeCompare(b.code)),
    [
      {
        verdict: 'newlyFailing',
        code: 'INVALID_INPUT',
        count: 1,
        predictionId: idOf(5),
        message: 'tenure: expected at most 3',
      },
      { verdict: 'newlyRefused', code: 'TOO_OLD', count: 1, predictionId: idOf(4), message: 'too old' },
    ],
  );
  const [probability] = numbers;
  assert.deepEqual([probability?.output, probability?.compared, probability?.changed], ['probability', 4, 3]);
  assert.equal(probability?.size.p0, 0);
  assert.equal(probability?.size.p100.toFixed(6), '0.100000');
  assert.equal(probability?.meanChange.toFixed(6), '0.075000');
  assert.equal(categories[0]?.transitions[0]?.count, 3);
});

test('the limit takes the latest ones', async (t) => {
  const { report } = await setUp(t, eight.slice(0, 4));
  const { compared, numbers } = await report('--limit', '2', '--largest', '1');
  assert.equal(compared, 2);
  assert.equal(numbers[0]?.largest.length, 1);
  assert.ok([idOf(2), idOf(3)].includes(numbers[0]?.largest[0]?.predictionId ?? ''));
});

test('on a terminal there are counts, quantiles, bars, the largest changes and transitions', async (t) => {
  const { run } = await setUp(t, eight);
  const { stdout } = await run([], { isInteractive: true });
  for (const line of [
    /^churn 1\.1\.0 on what was recorded from 2026-11-20T00:00:00\.000Z to /m,
    /^compared +7 \(1\.0\.0 7\)$/m,
    /^newly refused +1$/m,
    /^TOO_OLD +1 +\S+ +too old$/m,
    /^skipped +3 \((failure|redacted|omitted) 1, (failure|redacted|omitted) 1, (failure|redacted|omitted) 1\)$/m,
    /^probability +3 +0 +0\.1 +0\.1 +0\.1 +0\.1 +0\.075 +0\.075$/m,
    /^How probability changed:\n +0 to 0\.0066667 +█+ 1$/m,
    /^LARGEST CHANGES OF probability +FROM +TO +CHANGE$/m,
    /^churn: 3 of 4 changed\nFROM +TO +COUNT +SUCH AS\nno +yes +3 /m,
  ])
    assert.match(stdout, line);
});

test('a page has everything in it, and what came from outside is no markup', async (t) => {
  const folder = temporaryFolder(t);
  const { run } = await setUp(t, [
    { record: { outcome: { prediction: { outputs: { '<b>': 'x', probability: 0, churn: '"&' } } } } },
  ]);
  const path = join(folder, 'report.html');
  assert.deepEqual(await run(['-o', path]), { exitCode: 0, stdout: '', stderr: '' });
  const page = readFileSync(path, 'utf8');
  assert.match(page, /^<!doctype html>.*<svg role="img"/s);
  assert.match(page, /<h2>&lt;b&gt;<\/h2>/);
  assert.match(page, /<td>&quot;&amp;<\/td>/);
  assert.doesNotMatch(page, /(src|href)=|url\(|@import|<script|<b>/);
  assert.equal((await run(['--output', 'html'])).stdout.length > 500, true);
});

const floats = (...values: number[]): Buffer => Buffer.from(new Float32Array(values).buffer);
const tensor = (name: string, raw: Buffer) => ({
  name,
  datatype: 'FP32',
  shape: [1, 2],
  raw: raw.toString('base64'),
});

test('tensors are sent bit by bit as they were', async (t) => {
  const record = {
    input: { tensors: { tensors: [tensor('x', floats(1, 2))], outputs: ['y'] } },
    outcome: { tensors: { tensors: [tensor('y', floats(3, 4))] } },
  };
  const infer = ({ path, body, headers }: DoorRequest): DoorAnswer => {
    assert.equal(path, '/v2/models/churn/versions/1.1.0/infer');
    const length = Number(headers['inference-header-content-length']);
    const request = JSON.parse(body.toString('utf8', 0, length)) as { inputs: unknown; outputs: unknown };
    assert.deepEqual(request.inputs, [
      { name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
    ]);
    assert.deepEqual([request.outputs, body.subarray(length)], [[{ name: 'y' }], floats(1, 2)]);
    const output = { name: 'y', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } };
    const json = Buffer.from(JSON.stringify({ outputs: [output] }));
    return {
      headers: { 'inference-header-content-length': String(json.byteLength) },
      body: Buffer.concat([json, floats(3, 4.5)]),
    };
  };
  const { report } = await setUp(t, [{ record: { ...record } }], infer);
  const { numbers } = await report();
  assert.deepEqual(numbers[0]?.largest, [{ predictionId: idOf(0), from: 4, to: 4.5, change: 0.5 }]);
});

test('without predictions there is nothing to replay', async (t) => {
  const { run } = await setUp(t, []);
  const { exitCode, stderr } = await run([], { isInteractive: true });
  assert.equal(exitCode, 1);
  assert.match(stderr, /there are no predictions of churn from .* \(NOTHING_TO_REPLAY\)$/m);
});
