import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PORT_VARIABLES, parseSettings } from '../../cli/start/settings.ts';
import { rowsUnder } from '../support/markdown.ts';
import { repository } from '../support/process.ts';

const page = readFileSync(join(repository, 'docs/configuration.md'), 'utf8');

/** Name, default and meaning of the variables that a process's --help lists. */
const helpOf = (main: string): string[][] => {
  const help = execFileSync(process.execPath, [main, '--help'], { cwd: repository, encoding: 'utf8' });
  const lines = help.matchAll(/^ {2}([A-Z0-9_]+) +(.*?)(?: \(default (.*)\))?$/gm);
  return [...lines].map(([, name = '', meaning = '', fallback = '']) => [name, fallback, meaning]);
};

for (const [heading, main] of [
  ['Gateway', 'gateway/main.ts'],
  ['Model-runtime', 'model-runtime/main.ts'],
  ['Consumers', 'consumers/main.ts'],
  ['Database', 'consumers/database/main.ts'],
] as const) {
  test(`docs/configuration.md has what ${main} --help says, both ways`, () => {
    const help = helpOf(main);
    assert.ok(help.length > 0, 'variables in --help');
    assert.deepEqual([...rowsUnder(page, 'Every process'), ...rowsUnder(page, heading)], help);
  });
}

const documented = rowsUnder(page, 'Under npm start');

test('docs/configuration.md has every port of npm start with its default, both ways', () => {
  const ports = Object.values(PORT_VARIABLES).map(({ variable, defaultPort }) => [
    variable,
    `${defaultPort}`,
  ]);
  assert.deepEqual(
    documented.map(([name, fallback]) => [name, fallback]),
    [['SLUICE_PORT_OFFSET', '0'], ...ports],
  );
});

test('npm start reads every variable that docs/configuration.md says it does', () => {
  for (const [name = ''] of documented) {
    const parsed = parseSettings({ [name]: 'not a number' }, repository);
    assert.ok('error' in parsed && parsed.error.some((fault) => fault.startsWith(`${name}:`)), name);
  }
});
