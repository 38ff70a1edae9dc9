import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { conformanceVenv, findPython, reasonToSkip } from './venv.ts';

const nothing = ['no-such-python'];
const withoutPython = await conformanceVenv({ candidates: nothing });
const needsPython = { skip: (await findPython()) === undefined ? 'there is no Python' : false };

test('without a Python the reason says what was tried', () => {
  assert.match(
    reasonToSkip(withoutPython, {}) ?? '',
    /did not run: no Python 3\.11 or later.*no-such-python/,
  );
});

test('a Python that is too new for the packages is none', async () => {
  const venv = await conformanceVenv({ newest: [3, 10] });
  assert.match(reasonToSkip(venv, {}) ?? '', /no Python 3\.11 to 3\.10 with venv/);
});

test('without a Python CI fails', () => {
  assert.throws(() => reasonToSkip(withoutPython, { CI: 'true' }), /no-such-python/);
});

test('with a Python nothing is skipped, in CI and elsewhere', () => {
  assert.equal(reasonToSkip({ python: 'python' }, {}), undefined);
  assert.equal(reasonToSkip({ python: 'python' }, { CI: 'true' }), undefined);
});

test('two that build at once get one environment, and leave nothing else', needsPython, async () => {
  const cache = await mkdtemp(join(tmpdir(), 'sluice-venv-'));
  try {
    const requirements = join(cache, 'requirements.txt');
    await writeFile(requirements, '');
    const build = () => conformanceVenv({ cache: join(cache, 'venvs'), requirements });
    const [one, other] = await Promise.all([build(), build()]);
    assert.deepEqual(one, other);
    assert.ok('python' in one);
    assert.equal((await readdir(join(cache, 'venvs'))).length, 1);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});

test('packages that cannot be had are a reason, and no environment stays behind', needsPython, async () => {
  const cache = await mkdtemp(join(tmpdir(), 'sluice-venv-'));
  try {
    const requirements = join(cache, 'requirements.txt');
    await writeFile(requirements, `${join(cache, 'no-such-package.whl')}\n`);
    const venv = await conformanceVenv({ cache: join(cache, 'venvs'), requirements });
    assert.match(reasonToSkip(venv, {}) ?? '', /could not be installed: .*no-such-package/s);
    assert.deepEqual(await readdir(join(cache, 'venvs')), []);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
