import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { allowed, forbidden } from './testing/import-table.ts';
import { makeTree, workspaces, write } from './testing/scratch-tree.ts';

const maxReportBytes = 256 * 2 ** 20;

interface Cruise {
  readonly modules: readonly string[];
  /** "<rule>: <from>", once for each broken rule. */
  readonly violations: readonly string[];
}

interface CruiseReport {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

const root = resolve(import.meta.dirname, '..');
const trees: string[] = [];
after(() => {
  for (const tree of trees) rmSync(tree, { recursive: true });
});

function scratchTree(imports: Parameters<typeof makeTree>[0]): string {
  const tree = makeTree(imports);
  trees.push(tree);
  return tree;
}

function depcruise(tree: string, outputType: 'err' | 'json') {
  const command = join(root, 'node_modules/.bin/depcruise');
  const folders = readdirSync(tree).filter((name) => name === 'scripts' || workspaces.includes(name));
  return spawnSync(command, ['--output-type', outputType, ...folders], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: maxReportBytes,
  });
}

function cruise(tree: string): Cruise {
  const report: CruiseReport = JSON.parse(depcruise(tree, 'json').stdout);
  const violations = report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  return { modules: report.modules.map(({ source }) => source), violations };
}

describe('a forbidden import fails, under the name of its rule', () => {
  const bad = forbidden.map(([, file, imported]) => [file, imported] as const);
  const tree = scratchTree([...allowed, ...bad]);
  const { violations } = cruise(tree);
  test('the command fails', () => assert.equal(depcruise(tree, 'err').status, violations.length));
  for (const [rule, file, imported] of forbidden) {
    test(`${file} must not import ${imported}: ${rule}`, () => {
      assert.ok(violations.includes(`${rule}: ${file}`), violations.join('\n'));
    });
  }
  test('a module that nobody imports and that imports nobody fails', () => {
    const lonely = scratchTree(allowed);
    write(lonely, 'kernel/errors/forgotten.ts', 'export const forgotten = 1;\n');
    assert.deepEqual(cruise(lonely).violations, ['no-orphan: kernel/errors/forgotten.ts']);
  });
});

test('allowed imports pass', () => {
  const { stdout, status } = depcruise(scratchTree(allowed), 'err');
  assert.match(stdout, /no dependency violations found/);
  assert.equal(status, 0);
});

test('every rule has an import that breaks it', () => {
  const rules: { forbidden: { name: string }[] } = createRequire(import.meta.url)(
    '../.dependency-cruiser.cjs',
  );
  const tried = new Set(['no-orphan', ...forbidden.map(([rule]) => rule)]);
  assert.deepEqual(rules.forbidden.map(({ name }) => name).sort(), [...tried].sort());
});

// With TypeScript 7 dependency-cruiser finds no module and exits with 0: seen in November 2026.
test('the modules of the real tree are found, across workspaces and through import type', () => {
  const { modules } = cruise(root);
  assert.ok(modules.filter((source) => source.endsWith('.ts')).length > 100, `${modules.length} modules`);
  assert.ok(modules.includes('protos/load.ts'));
  assert.ok(modules.includes('kernel/errors/codes.ts'));
});
