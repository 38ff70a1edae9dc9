import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSluice } from '../testing/run-sluice.ts';
import { standInGateway } from '../testing/stand-in-gateway.ts';

const answer = {
  model_name: 'digits',
  model_version: '1',
  outputs: [{ name: 'label', datatype: 'INT64', shape: [1], data: [7] }],
};
const path = 'POST /v2/models/digits/infer';

test('infer -f sends a V2 body as it is', async (t) => {
  const { url, asked } = await standInGateway(t, { [path]: [200, answer] });
  const body = {
    inputs: [{ name: 'image', datatype: 'FP32', shape: [1], data: [0] }],
    outputs: [{ name: 'label' }],
  };
  const { stdout } = await runSluice(['infer', 'digits', '-f', '-', '--server', url], {
    input: JSON.stringify(body),
  });
  assert.deepEqual(asked[0]?.body, body);
  assert.deepEqual(JSON.parse(stdout), answer);
});

const inputs: [string, string[], { name: string; datatype: string; shape: number[]; data: unknown[] }][] = [
  [
    'nested JSON has its own shape',
    ['x=[[1,2],[3,4],[5,6]]'],
    { name: 'x', datatype: 'FP32', shape: [3, 2], data: [1, 2, 3, 4, 5, 6] },
  ],
  [
    'flat JSON with --shape',
    ['x=[1,2,3,4]', '--shape', '2,2'],
    { name: 'x', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] },
  ],
  [
    'another datatype',
    ['s=["a"]', '--datatype', 'BYTES'],
    { name: 's', datatype: 'BYTES', shape: [1], data: ['a'] },
  ],
  ['nothing in it', ['x=[]', '--shape', '0,8'], { name: 'x', datatype: 'FP32', shape: [0, 8], data: [] }],
];
for (const [what, args, tensor] of inputs) {
  test(`infer --input: ${what}`, async (t) => {
    const { url, asked } = await standInGateway(t, { [path]: [200, answer] });
    assert.equal((await runSluice(['infer', 'digits', '--input', ...args, '--server', url])).exitCode, 0);
    assert.deepEqual(asked[0]?.body, { inputs: [tensor] });
  });
}

test('infer as a table shows a row for each output', async (t) => {
  const versioned = 'POST /v2/models/digits/versions/1/infer';
  const { url } = await standInGateway(t, { [versioned]: [200, answer] });
  const args = ['infer', 'digits', '--version', '1', '--input', 'x=[1]', '--server', url];
  const { stdout } = await runSluice(args, { isInteractive: true });
  assert.equal(stdout, 'digits 1\n\nOUTPUT  DATATYPE  SHAPE  DATA\nlabel   INT64     [1]    [7]\n');
});

test('an error of the V2 door is told with its code', async (t) => {
  const { url } = await standInGateway(t, {
    [path]: [400, { error: 'image: expected [-1,8,8], got [1]', code: 'INVALID_INPUT' }],
  });
  const outcome = await runSluice(['infer', 'digits', '--input', 'image=[1]', '--server', url], {
    isInteractive: true,
  });
  assert.equal(outcome.exitCode, 1);
  assert.equal(outcome.stderr, 'sluice: image: expected [-1,8,8], got [1] (INVALID_INPUT)\n');
});
