import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runScript, type ScriptResult } from './run-script.ts';
import { findPython } from './venv.ts';

const python = await findPython();
const options = { skip: python === undefined ? 'there is no Python' : false };

const head = `import sys, unittest
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, 'python'))})
import cases
class Some(unittest.TestCase):
`;
const tail = '\ncases.main()\n';

const run = async (script: string): Promise<ScriptResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-script-'));
  try {
    await writeFile(join(folder, 'script.py'), script);
    return await runScript(python?.command ?? '', join(folder, 'script.py'), {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

test('each method and each subTest is a case with its error', options, async () => {
  const { cases, fault } = await run(`${head}
    def test_adds_up(self):
        self.assertEqual(1 + 1, 2)
    def test_breaks_down(self):
        self.assertEqual(1 + 1, 3)
    def test_counts(self):
        for number in [1, 2]:
            with self.subTest(number=number):
                self.assertEqual(number, 1)
    @unittest.skip("no time")
    def test_never(self):
        pass
${tail}`);
  assert.equal(fault, undefined);
  const outcomes = cases.map(({ case: name, ok }) => `${name}: ${ok}`).sort();
  const expected = ['adds up: true', 'breaks down: false', 'counts: 1: true', 'counts: 2: false'];
  assert.deepEqual(outcomes, [...expected, 'never: false']);
  assert.match(cases.find(({ case: name }) => name === 'breaks down')?.error ?? '', /2 != 3/);
});

const broken: readonly (readonly [name: string, script: string, fault: RegExp])[] = [
  ['does not start', 'import no_such_module', /ended with 1[\s\S]*no_such_module/],
  ['has no case', `${head}    pass${tail}`, /after 0 of 0 cases/],
  ['dies half way', `${head}    def test_a(self):\n        import os; os._exit(0)${tail}`, /0 of unknown/],
  ['fails before its cases', `${head}    def test_a(self): pass\nraise SystemExit(3)`, /ended with 3/],
];

for (const [name, script, expected] of broken) {
  test(`a script that ${name} is a fault`, options, async () => {
    assert.match((await run(script)).fault ?? '', expected);
  });
}
