import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifestYaml } from './manifest-yaml.ts';

test('a field is found by position, by name, or by what is nearest above it', () => {
  const { lineOf } = readManifestYaml('a: 1\nfeatures:\n  - name: age\n    tensor: x\n  - name: sex\n');
  const lines = [
    ['a'],
    ['features', 0, 'tensor'],
    ['features', 'sex'],
    ['features', 'sex', 'unit'],
    ['none'],
    [],
  ];
  assert.deepEqual(lines.map(lineOf), [1, 4, 5, 5, 1, 1]);
});

test('an alias stands for what it names, and an empty text for nothing', () => {
  const { value } = readManifestYaml('a: &v [x, y]\nb: *v');
  assert.deepEqual(value, { a: ['x', 'y'], b: ['x', 'y'] });
  assert.equal(readManifestYaml('').value, null);
});

test('names that objects have anyway are names like others', () => {
  const { value } = readManifestYaml('__proto__: {polluted: 1}\nconstructor: 2');
  assert.deepEqual(Object.keys(Object(value)), ['__proto__', 'constructor']);
  assert.equal('polluted' in {}, false);
});

const laughs = 'bcdefghij'
  .split('')
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`);
const flat = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join('');

const bad: readonly [what: string, text: string, message: RegExp][] = [
  ['no YAML', 'a: 1\nb: [1', /^sluice\.yaml:2: this is not YAML: Flow sequence/],
  ['two documents', 'a: 1\n---\na: 2', /^sluice\.yaml:2: this is not YAML: .*multiple documents/],
  ['a key that is there twice', 'a:\n  b: 1\n  b: 2', /^sluice\.yaml:3: 'b' is there twice$/],
  ['a tab for a blank', 'a:\n\tb: 1', /^sluice\.yaml:\d: this is not YAML: /],
  ['an alias of nothing', 'a: *b', /this is not YAML: Unresolved alias/],
  ['an alias that contains itself', 'a: &a\n  b: *a', /^sluice\.yaml:2: \*a contains itself$/],
  ['a billion laughs', `a: &a [x,x,x]\n${laughs.join('\n')}`, /Excessive alias count/],
  [
    'very many aliases',
    `a: &a 1\nb: [${flat(200, () => '*a,')}]`,
    /^sluice\.yaml:2: has more than 100 aliases/,
  ],
  ['a deep list', `a: ${'['.repeat(40)}${']'.repeat(40)}`, /^sluice\.yaml:1: is nested deeper than 32$/],
  [
    'a deep object',
    flat(40, (index) => `${' '.repeat(index)}a:\n`),
    /^sluice\.yaml:32: is nested deeper than 32;/,
  ],
  ['a very deep list', '- '.repeat(40_000), /^sluice\.yaml:1: is nested /],
  ['many brackets', '['.repeat(250_000), /^sluice\.yaml: has more than 100000 words and signs$/],
  ['many commas', `[${','.repeat(250_000)}`, /^sluice\.yaml: has more than 100000 words and signs$/],
  ['many keys', flat(12_000, (index) => `k${index}:\n`).repeat(2), /'k0' is there twice/],
  ['a large text', `a: ${'x'.repeat(300_000)}`, /^sluice\.yaml: has 300003 bytes, at most 262144 are read$/],
];

for (const [what, text, message] of bad) {
  test(`a manifest's text is refused: ${what}`, () => {
    assert.throws(() => readManifestYaml(text), { code: 'PACKAGE_INVALID', message });
  });
}
