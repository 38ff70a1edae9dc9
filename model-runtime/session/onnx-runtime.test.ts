import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { identityModel } from '@sluice/kernel/testing/onnx-model';

const here = import.meta.url;

/** What a process of its own does: it is only in one that the library is loaded anew. */
const program = `
  const { loadOnnxRuntime } = await import(new URL('./onnx-runtime.ts', '${here}').href);
  const session = await loadOnnxRuntime().InferenceSession.create(process.argv[1]);
  await session.release();
`;

test('ONNX Runtime keeps no diary of its use, neither in the temporary folder nor at home', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-onnx-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [home, temporary, model] = ['home', 'tmp', 'model.onnx'].map((name) => join(folder, name));
  assert.ok(home !== undefined && temporary !== undefined && model !== undefined);
  await Promise.all([
    mkdir(home),
    mkdir(temporary),
    writeFile(model, identityModel([{ datatype: 'FP32', shape: [1] }])),
  ]);
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, model], {
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary },
  });
  assert.deepEqual([await readdir(home), await readdir(temporary)], [[], []]);
});
