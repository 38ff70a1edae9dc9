import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments, usage } from './arguments.ts';

test('without arguments everything is measured, five rounds of three seconds', () => {
  assert.deepEqual(readArguments([]), {
    names: [],
    rounds: 5,
    seconds: 3,
    memoryRequests: 1_000_000,
    write: false,
    json: undefined,
    list: false,
    help: false,
  });
});

test('names and options may stand in any order', () => {
  const { names, rounds, seconds, write, json } = readArguments([
    'unary-64',
    '--rounds',
    '2',
    'doors',
    '--seconds=0.5',
    '--write',
    '--json',
    'out.json',
  ]);
  assert.deepEqual(
    { names, rounds, seconds, write, json },
    {
      names: ['unary-64', 'doors'],
      rounds: 2,
      seconds: 0.5,
      write: true,
      json: 'out.json',
    },
  );
});

const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['--rounds', '0'], /--rounds: expected a number above 0/],
  [['--rounds', '1.5'], /--rounds: expected a whole number/],
  [['--seconds', 'many'], /--seconds: expected a number above 0, got 'many'/],
  [['--memory-requests', '-1'], /memory-requests/],
  [['--fast'], /--fast/],
];

for (const [args, message] of wrong)
  test(`${args.join(' ')} is refused`, () => {
    assert.throws(() => readArguments(args), message);
  });

test('the usage names every option', () => {
  for (const name of ['--rounds', '--seconds', '--memory-requests', '--write', '--json', '--list', '--help'])
    assert.ok(usage.includes(`  ${name}`), name);
});
