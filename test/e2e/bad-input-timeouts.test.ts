import { loan, pair } from './bad-input/requests.ts';
import type { Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const rows: readonly Row[] = [
  {
    name: 'a timeout of one microsecond has passed when the request is looked at (tensors)',
    request: pair({ parameters: { timeout: 1 } }),
    code: 'DEADLINE_EXCEEDED',
    message: /the deadline passed before/,
  },
  {
    name: 'a timeout of one microsecond has passed when the request is looked at (features)',
    request: loan({}, { parameters: { timeout: 1 } }),
    code: 'DEADLINE_EXCEEDED',
    message: /the deadline passed before/,
  },
  {
    name: 'a timeout below zero is no timeout',
    request: pair({ parameters: { timeout: -1 } }),
    code: 'INVALID_INPUT',
    message: /parameters.timeout: expected a whole number of at least 0, got -1/,
    violation: 'parameters.timeout',
  },
  {
    name: 'a timeout that is no whole number is none',
    request: loan({}, { parameters: { timeout: 1.5 } }),
    code: 'INVALID_INPUT',
    message: /parameters.timeout: expected a whole number of at least 0, got the number 1.5/,
    violation: 'parameters.timeout',
  },
];

runRows('timeouts', rows);
