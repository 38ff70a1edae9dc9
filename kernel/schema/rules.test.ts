import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { formatNames } from './keywords.ts';
import { ruleKeywords } from './rules.ts';

const pageOf = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../docs/${name}.md`), 'utf8');
const marked = (text: string): string[] =>
  [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

test('docs/errors.md has the keywords of every rule, both ways', () => {
  const rows = [...pageOf('errors').matchAll(/^\| `([a-z]+)` +\|[^|]*\| (`.*`) \|$/gm)];
  const told = Object.fromEntries(rows.map(([, rule = '', keywords = '']) => [rule, marked(keywords)]));
  assert.deepEqual(told, ruleKeywords);
});

test('docs/releases.md has every keyword that a rule has, and every format', () => {
  const section = pageOf('releases').split('## A schema of its own')[1]?.split('\n## ')[0] ?? '';
  const words = new Set(marked(section));
  for (const word of [...Object.values(ruleKeywords).flat(), ...formatNames])
    assert.ok(words.has(word), word);
});
