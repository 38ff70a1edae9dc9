import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternFault } from './check-pattern.ts';
import { patternSteps } from './pattern-steps.ts';

const judged: readonly [pattern: string, length: number, steps: number][] = [
  ['^abc$', 256, 1],
  ['^[A-Z]{2}-\\d{4}$', 256, 1],
  ['^(red|blue)$', 256, 2],
  ['^\\d+$', 256, 256],
  ['^\\d*$', 256, 257],
  ['^(?:[A-Z]{3},)*[A-Z]{3}$', 256, 257],
  ['^(\\d{1,3}\\.){3}\\d{1,3}$', 256, 81],
  ['^a?b{2,}$', 10, 2 * 9],
  ['\\d+', 10, 10 * 11],
  ['^a|b', 10, 2 * 11],
  ['^[^\\]]\\u{61}\\p{L}\\x41\\/\\.$', 10, 1],
  ['^(?<year>\\d{4})$', 10, 1],
  ['\\ba', 10, 11],
  ['^a+?$', 10, 10],
  ['', 10, 11],
];

for (const [pattern, length, steps] of judged) {
  test(`/${pattern}/ has ${steps} ways through ${length} characters`, () => {
    assert.equal(patternSteps(pattern, length), steps);
  });
}

test('what is anchored behind something is tried from everywhere', () => {
  assert.equal(patternSteps('a*^b', 10), 11 * 11);
});

const refused: readonly [pattern: string, fault: RegExp][] = [
  ['^(a+)+$', /could take too long on 256 characters/],
  ['^(a|a)*$', /could take too long/],
  ['^(a|ab)*c$', /could take too long/],
  ['^(.*)(.*)(.*)$', /could take too long/],
  ['^a*a*a*$', /could take too long/],
  ['\\d+\\d+', /could take too long/],
  ['^(a?){50}$', /repeats what may be empty/],
  ['^(a*)*$', /repeats what may be empty/],
  ['^(\\b)*$', /repeats what may be empty/],
  ['^(a)\\1$', /not understood/],
  ['^(?<n>a)\\k<n>$', /not understood/],
  ['^(?=a)b$', /not understood/],
  ['(?<!a)b', /not understood/],
  ['^a{300}$', /matches no text of at most 256 characters/],
  ['^a{100000000}$', /matches no text/],
  ['^a{0,1000000}$', /could take too long/],
  ['^(a$', /Invalid regular expression/],
  ['^\\-$', /Invalid regular expression/],
  ['a'.repeat(1_001), /longer than 1000 characters/],
];

for (const [pattern, fault] of refused) {
  test(`a pattern is refused: ${pattern.slice(0, 40)}`, () => {
    assert.match(patternFault(pattern) ?? 'nothing', fault);
  });
}

test('a smaller maxLength makes more patterns possible', () => {
  assert.equal(patternFault('^[a-z]+@[a-z]+\\.[a-z]+$', 40), undefined);
});
