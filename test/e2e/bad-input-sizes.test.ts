import { loan, pair, x0, x1 } from './bad-input/requests.ts';
import type { Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const many = Array.from({ length: 10_000 }, (_, index) => index);
const longName = 'x'.repeat(100_000);
const inThePath = 'the name is in the path, which Node bounds';

/** Errors travel in HTTP/2 trailers, of which clients take 8 KiB: what came is quoted in part only. */
const rows: readonly Row[] = [
  {
    name: 'a model name a hundred thousand characters long',
    request: pair({ model: longName }),
    code: 'MODEL_NOT_FOUND',
    message: /^Request for unknown model: 'x+…/,
    not: { rest: inThePath },
  },
  {
    name: 'an input name a hundred thousand characters long',
    request: pair({ inputs: [x0, x1, { ...x1, name: longName }] }),
    code: 'INVALID_INPUT',
    message: /^inputs.x+…/,
    violation: /^inputs.x+…$/,
  },
  {
    name: 'ten thousand unknown outputs',
    request: pair({ outputs: many.map((index) => `z${index}`) }),
    code: 'INVALID_INPUT',
    message: /^outputs.z0: unknown output; the release has y0, y1; outputs.z1/,
    violation: /^outputs.z\d+$/,
  },
  {
    name: 'one output ten thousand times',
    request: pair({ outputs: many.map(() => 'y0') }),
    code: 'INVALID_INPUT',
    message: /^outputs.y0: was asked for more than once/,
    violation: 'outputs.y0',
  },
  {
    name: 'ten thousand unknown features',
    request: loan(Object.fromEntries(many.map((index) => [`z${index}`, index]))),
    code: 'INVALID_INPUT',
    message: /^features.z0: unknown feature; the release has income/,
    violation: /^features.z\d+$/,
  },
  {
    name: 'a string of ten thousand characters in a number feature',
    request: loan({ income: 'é'.repeat(10_000) }),
    code: 'INVALID_INPUT',
    message: /^features.income: expected a number, got the string 'é{40}…'$/,
    violation: 'features.income',
  },
  {
    name: 'a string whose fortieth character takes two code units',
    request: loan({ income: `${'a'.repeat(39)}😀😀` }),
    code: 'INVALID_INPUT',
    message: /^features.income: expected a number, got the string 'a{39}/,
    violation: 'features.income',
  },
];

runRows('more than fits into an error', rows);
