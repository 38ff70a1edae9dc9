import { loan, pair, x0, x1 } from './bad-input/requests.ts';
import type { Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const rows: readonly Row[] = [
  {
    name: 'a model that does not exist is not found, and the message lists those that do (tensors)',
    request: pair({ model: 'nobody' }),
    code: 'MODEL_NOT_FOUND',
    message: /unknown model: 'nobody' is not found; there are half, loan, long, mixed, pair, slow/,
  },
  {
    name: 'a model that does not exist is not found, and the message lists those that do (features)',
    request: loan({}, { model: 'nobody' }),
    code: 'MODEL_NOT_FOUND',
    message: /unknown model: 'nobody' is not found; there are half, loan, long, mixed, pair, slow/,
  },
  {
    name: 'a version that does not exist is not found, and the message lists those that do (tensors)',
    request: pair({ version: '7' }),
    code: 'RELEASE_NOT_FOUND',
    message: /model 'pair' has no version '7', which was asked for; it has 1/,
  },
  {
    name: 'a version that does not exist is not found, and the message lists those that do (features)',
    request: loan({}, { version: '2.0.0' }),
    code: 'RELEASE_NOT_FOUND',
    message: /model 'loan' has no version '2.0.0', which was asked for; it has 1.1.0, 1.0.0/,
  },
  {
    name: 'a version that is none at all is not found',
    request: pair({ version: 'latest' }),
    code: 'RELEASE_NOT_FOUND',
    message: /model 'pair' has no version 'latest', which was asked for; it has 1/,
  },
  {
    name: 'a blocked version is refused with the reason of the revision',
    request: loan({}, { version: '1.1.0' }),
    code: 'RELEASE_BLOCKED',
    message: /loan 1.1.0 is blocked: wrong currency/,
  },
  {
    name: 'a blocked version is refused to those who ask with tensors too',
    request: pair({ model: 'loan', version: '1.1.0' }),
    code: 'RELEASE_BLOCKED',
    message: /loan 1.1.0 is blocked: wrong currency/,
  },
  {
    name: 'an input that the release does not have is named, and those that it has',
    request: pair({ inputs: [x0, x1, { ...x1, name: 'x9' }] }),
    code: 'INVALID_INPUT',
    message: /inputs.x9: unknown input; the release has x0, x1/,
    violation: 'inputs.x9',
  },
  {
    name: 'an input that comes twice is named',
    request: pair({ inputs: [x0, x1, x1] }),
    code: 'INVALID_INPUT',
    message: /inputs.x1: came twice/,
    violation: 'inputs.x1',
  },
  {
    name: 'a missing input is named with what it should be',
    request: pair({ inputs: [x1] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0: missing input of FP32 \[-1,3\]/,
    violation: 'inputs.x0',
  },
  {
    name: 'an output that the release does not have is named, and those that it has',
    request: pair({ outputs: ['y0', 'y9'] }),
    code: 'INVALID_INPUT',
    message: /outputs.y9: unknown output; the release has y0, y1/,
    violation: 'outputs.y9',
  },
  {
    name: 'a feature that the release does not have is named, and those that it has',
    request: loan({ salary: 1 }),
    code: 'INVALID_INPUT',
    message: /features.salary: unknown feature; the release has income, age, region, tag/,
    violation: 'features.salary',
  },
  {
    name: 'a feature called __proto__ is an unknown one like any other',
    request: loan(JSON.parse('{"__proto__": 1}')),
    code: 'INVALID_INPUT',
    message: /features.__proto__: unknown feature; the release has income/,
    violation: 'features.__proto__',
  },
  {
    name: 'an unknown triton_ parameter is refused by name',
    request: pair({ parameters: { triton_magic: true } }),
    code: 'INVALID_INPUT',
    message: /parameters.triton_magic: parameters that begin with triton_ are reserved/,
    violation: 'parameters.triton_magic',
  },
  {
    name: 'a priority that is no number says what was expected and what came (tensors)',
    request: pair({ parameters: { priority: 'high' } }),
    code: 'INVALID_INPUT',
    message: /parameters.priority: expected a whole number of at least 0, got high/,
    violation: 'parameters.priority',
  },
  {
    name: 'a priority that is no number says what was expected and what came (features)',
    request: loan({}, { parameters: { priority: 'high' } }),
    code: 'INVALID_INPUT',
    message: /parameters.priority: expected a whole number of at least 0, got the string 'high'/,
    violation: 'parameters.priority',
  },
];

runRows('names that do not fit', rows);
