import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, examplesOf, idsOf, lasting, rowsUnder } from './markdown.ts';

const page = `# A page

\`\`\`ts docs/a.ts
one();
\`\`\`

\`\`\`console
$ first \\
    --long
a
b
$ second
$ third
c
\`\`\`

## Table

| name | meaning |
| --- | --- |
| \`A\` | this \\| that |

## Other

| name |
| --- |
| B |
`;

test('blocks have a language, a file where one is named, and a line', () => {
  assert.deepEqual(
    blocksOf(page).map(({ language, file, line }) => [language, file, line]),
    [
      ['ts', 'docs/a.ts', 4],
      ['console', undefined, 8],
    ],
  );
});

test('examples are commands with what they print', () => {
  const examples = blocksOf(page)
    .filter(({ language }) => language === 'console')
    .flatMap(examplesOf);
  assert.deepEqual(examples, [
    { command: 'first \\\n    --long', printed: 'a\nb\n', line: 8 },
    { command: 'second', printed: '', line: 12 },
    { command: 'third', printed: 'c\n', line: 13 },
  ]);
});

test('rows are those of the tables under their heading', () => {
  assert.deepEqual(rowsUnder(page, 'Table'), [['A', 'this | that']]);
  assert.throws(() => rowsUnder(page, 'Tab'), /no heading 'Tab'/);
});

const same: readonly (readonly [one: string, other: string])[] = [
  ['01a1fd8c-64c5-7d29-80ef-f27aad01d3bc', '01a1fd8c-6d51-7c64-ae0d-dc1d99f1c3a8'],
  [`"digest":"sha256:${'a'.repeat(64)}"`, `"digest":"sha256:${'b'.repeat(64)}"`],
  [`"traceId":"${'1'.repeat(32)}"`, `"traceId":"${'2'.repeat(32)}"`],
  ['"timings":{"queueMs":0.7,"totalMs": 3}', '"timings":{"queueMs":12,"totalMs": 4.25}'],
  ['trace  x\ntotal       3.2 ms\n', 'trace  x\ntotal       181.04 ms'],
  ['{"gateway":"laptop","client":"127.0.0.1:43114"}', '{"gateway":"lab-2","client":"127.0.0.1:50222"}'],
  ['who: ada@lab\nwhen: 2026-11-21T10:14:37.376Z', 'who: bob@desk\nwhen: 2027-01-02T03:04:05.006Z'],
  ['files      5, 14423 bytes', 'files      5, 14425 bytes'],
  ['0.550321102142334', '0.550321102142391'],
  ['churn-live-replay-mwrqcb22  finished', 'churn-live-replay-mwrs0001  finished'],
  [
    'churn-live  running  a.v1  b.v1  churn  0    0.0    1.0',
    'churn-live  running  a.v1  b.v1  churn  0    1.5    120',
  ],
  [
    'STREAM  PARTITION  SCORER  COMMITTED\nlive    a.v1-0     vm-7    3          0    0.0    0.7       0/2048  2',
    'STREAM  PARTITION  SCORER      COMMITTED\nlive    a.v1-0     lab-123456  3          0    0.1    12        0/2048  2',
  ],
];

for (const [one, other] of same) {
  test(`what changes from run to run is no difference: ${JSON.stringify(one)}`, () => {
    assert.equal(lasting(one), lasting(other));
  });
}

const different: readonly (readonly [one: string, other: string])[] = [
  ['"churn":"yes"', '"churn":"no"'],
  ['0.550321', '0.550331'],
  ['64339.4453125', '64340.4453125'],
  ['"version":"1.1.0"', '"version":"1.0.0"'],
  ['files      5, 14423 bytes', 'files      4, 14423 bytes'],
  ['a\nb', 'a b'],
  [
    'churn-live  running  a.v1  b.v1  churn  0    0.0    1.0',
    'churn-live  running  a.v1  b.v1  churn  1    0.0    1.0',
  ],
  [
    'churn-live  running  a.v1  b.v1  churn  0    0.0    1.0',
    'churn-live  waiting  a.v1  b.v1  churn  0    0.0    1.0',
  ],
  [
    'live    a.v1-0     vm-7    3          0    0.0    0.7       0/2048  2',
    'live    a.v1-0     vm-7    4          0    0.0    0.7       0/2048  2',
  ],
  [
    'live    a.v1-0     vm-7    3          0    0.0    0.7       0/2048  2',
    'live    a.v1-0     vm-7    3          0    0.0    0.7       0/2048  3',
  ],
];

for (const [one, other] of different) {
  test(`whatever else differs is a difference: ${JSON.stringify(one)}`, () => {
    assert.notEqual(lasting(one), lasting(other));
  });
}

test('the ids of a text are found in their order', () => {
  const [one, other] = ['01a1fd8c-64c5-7d29-80ef-f27aad01d3bc', '00000000-0000-7000-8000-000000000000'];
  assert.deepEqual(idsOf(`get ${other} and "${one}", not ${'a'.repeat(32)}`), [other, one]);
});
