import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandFailure } from '../command-failure.ts';
import { formatFailure } from './report-failure.ts';

const age = { path: 'features.age', rule: 'type', message: "expected a number, got the string 'x'" };
const bmi = { path: 'features.bmi', rule: 'required', message: 'missing; expected a number' };
const [ageLine, bmiLine] = [age, bmi].map(({ path, message }) => `${path}: ${message}`);

const failures: readonly (readonly [what: string, message: string, lines: readonly string[]])[] = [
  [
    'a message of its own stands above them',
    'no good package',
    ['no good package (CODE)', `  ${ageLine}`, `  ${bmiLine}`],
  ],
  [
    'a message that lists them is not repeated',
    `${ageLine}; ${bmiLine}`,
    ['2 faults (CODE)', `  ${ageLine}`, `  ${bmiLine}`],
  ],
];

for (const [what, message, lines] of failures) {
  test(`violations are told path by path: ${what}`, () => {
    const failure = new CommandFailure(message, { code: 'CODE', exitCode: 1, violations: [age, bmi] });
    assert.equal(formatFailure(failure, 'table'), `sluice: ${lines.join('\n')}\n`);
  });
}

test('a single violation that is the message is told once', () => {
  const failure = new CommandFailure(`${ageLine}`, { code: 'CODE', exitCode: 1, violations: [age] });
  assert.equal(formatFailure(failure, 'table'), `sluice: ${ageLine} (CODE)\n`);
});
