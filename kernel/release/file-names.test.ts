import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileNameFaults } from './file-names.ts';

const told = (paths: readonly string[]): string[] =>
  fileNameFaults(paths).map(({ file, message }) => `${file} ${message}`);

test('what packages hold has good names, other scripts too', () => {
  const good = [
    'model.onnx',
    'model.onnx.data',
    'weights.bin',
    'sluice.yaml',
    'docs/karte.md',
    'für 中文.md',
    'a..b',
  ];
  assert.deepEqual(told(good), []);
});

const bad: readonly [paths: readonly string[], message: RegExp][] = [
  [['/etc/passwd'], /is absolute; names are relative to the package/],
  [['C:/x'], /is absolute/],
  [['../x'], /leads elsewhere/],
  [['a/../../x'], /leads elsewhere/],
  [['a/..'], /leads elsewhere/],
  [['./x'], /leads elsewhere/],
  [['a//b'], /leads elsewhere/],
  [['a/'], /leads elsewhere/],
  [['.git/config'], /begins with a dot/],
  [[''], /has no name/],
  [['..\\x'], /has a backslash/],
  [['a\0.onnx'], /^a\\u0000\.onnx has a control character/],
  [['a\nb'], /^a\\nb has a control character/],
  [['\ud800'], /is not valid Unicode/],
  [['x'.repeat(256)], /has a name of more than 255 bytes/],
  [[`${'é'.repeat(200)}`], /has a name of more than 255 bytes/],
  [[Array(6).fill('x'.repeat(200)).join('/')], /has a name of more than 900 bytes/],
  [[Array(17).fill('x').join('/')], /has more than 16 parts/],
  [['card.md', 'Card.md'], /^Card\.md is the same name as card\.md to some file systems$/],
  [['é.md', 'e\u0301.md'], /is the same name as é\.md/],
  [['a/x', 'A/X'], /is the same name as a\/x/],
  [['x', 'x'], /^x is there twice$/],
  [['a', 'a/b'], /^a\/b lies in a, which is a file$/],
  [['a/b', 'A'], /^a\/b lies in A, which is a file$/],
  [['.published.json'], /has a name that begins with a dot; leave it out/],
  [['model.pkl'], /is no part of an ONNX model/],
  [['custom_ops.SO'], /is no part of an ONNX model/],
];

for (const [paths, message] of bad) {
  test(`names of files are refused: ${JSON.stringify(paths).slice(0, 60)}`, () => {
    const faults = told(paths);
    assert.ok(
      faults.some((fault) => message.test(fault)),
      faults.join('\n'),
    );
  });
}
