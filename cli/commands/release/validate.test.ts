import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runSluice } from '../../testing/run-sluice.ts';
import { sumModel, sumPackage, temporaryFolder } from '../../testing/temporary-package.ts';

const golden = '{"name": "one and two", "features": {"a": 1, "b": 2}, "outputs": {"total": 3}}\n';
const row = '{"features": {"a": 1, "b": 2}, "label": 3}\n';
const measured = { evaluation: { dataset: 'evaluation.jsonl', metrics: { mae: 0 } } };
const validate = (folder: string, ...more: string[]) => runSluice(['release', 'validate', folder, ...more]);

test('validate says what a good package is', async (t) => {
  const folder = sumPackage(t, { 'golden.jsonl': golden, 'evaluation.jsonl': row }, measured);
  const { exitCode, stdout } = await validate(folder);
  assert.equal(exitCode, 0);
  const { digest, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
  assert.match(String(digest), /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(rest, { valid: true, model: 'sum', version: '1.0.0', goldenCases: 1, rows: 1 });
});

test('validate as a table says when nothing proves the export', async (t) => {
  const { stdout } = await validate(sumPackage(t), '--output', 'table');
  assert.match(stdout, /^valid +sum 1\.0\.0$/m);
  assert.match(stdout, /^golden cases +none: nothing proves the export$/m);
});

test('a bare folder is called as it lies', async (t) => {
  const folder = join(temporaryFolder(t), 'digits/1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), sumModel());
  const { stdout } = await validate(folder);
  const { model, version } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([model, version], ['digits', '1']);
});

const bad: readonly [
  what: string,
  files: Record<string, string>,
  manifest: object,
  path: string,
  message: RegExp,
][] = [
  ['an unknown key', {}, { colour: 'red' }, 'sluice.yaml:18: colour', /unknown field; expected one of/],
  ['a manifest that is no YAML', { 'sluice.yaml': 'a: [' }, {}, 'sluice.yaml', /is not YAML/],
  ['no graph', { 'model.onnx': '' }, {}, 'model.onnx', /not an ONNX model/],
  [
    'a feature without a tensor',
    {},
    { features: [{ name: 'a', type: 'number', tensor: 'z' }] },
    'sluice.yaml',
    /there is no input z/,
  ],
  [
    'a golden case that is none',
    { 'golden.jsonl': `${golden}{}\n` },
    {},
    'golden.jsonl:2: name',
    /is missing: expected a string/,
  ],
  [
    'a golden case that does not fit',
    { 'golden.jsonl': golden.replace('"a": 1', '"c": 1') },
    {},
    'golden.jsonl',
    /'one and two'.*features\.a: missing/s,
  ],
  [
    'a gate on a metric that is not there',
    {},
    { evaluation: { gate: { mae: '<= 1' } } },
    'sluice.yaml:20: evaluation.gate.mae',
    /there is no metric mae/,
  ],
  [
    'a dataset that is not there',
    {},
    measured,
    'sluice.yaml',
    /evaluation\.dataset: there is no evaluation\.jsonl/,
  ],
  [
    'a row that is none',
    { 'evaluation.jsonl': `${row}[]\n` },
    measured,
    'evaluation.jsonl:2',
    /expected object/,
  ],
  [
    'a row that does not fit',
    { 'evaluation.jsonl': row.replace('"a"', '"c"') },
    measured,
    'evaluation.jsonl:1',
    /features\.a: missing/,
  ],
];
for (const [what, files, manifest, path, message] of bad) {
  test(`validate names file and place: ${what}`, async (t) => {
    const { exitCode, stdout, stderr } = await validate(sumPackage(t, files, manifest));
    assert.equal(exitCode, 1);
    assert.equal(stdout, '');
    const { code, violations } = JSON.parse(stderr) as {
      code: string;
      violations: { path: string; message: string }[];
    };
    assert.equal(code, 'PACKAGE_INVALID');
    const found = violations.find((violation) => violation.path === path);
    assert.match(found?.message ?? JSON.stringify(violations), message);
  });
}

test('faults of several files are told at once', async (t) => {
  const folder = sumPackage(t, { 'golden.jsonl': '{}' }, { colour: 'red' });
  const { stderr } = await validate(folder, '--output', 'table');
  assert.match(stderr, /^ {2}sluice\.yaml:18: colour: /m);
  assert.match(stderr, /^ {2}golden\.jsonl:1: name: /m);
});

test('what is no package at all is wrong usage', async (t) => {
  const folder = sumPackage(t);
  rmSync(join(folder, 'sluice.yaml'));
  for (const [path, message] of [
    ['/no/such', /there is no folder \/no\/such/],
    [folder, /has no sluice\.yaml.*sluice release init/],
  ] as const) {
    const outcome = await validate(path, '--output', 'table');
    assert.equal(outcome.exitCode, 64);
    assert.match(outcome.stderr, message);
  }
});
