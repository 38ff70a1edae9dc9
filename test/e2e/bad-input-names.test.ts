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
    name: 'a version that is no selector at all is not found, and the message says so',
    request: pair({ version: 'Latest!' }),
    code: 'RELEASE_NOT_FOUND',
    message:
      /model 'pair' has no version 'Latest!', which was asked for: .* is no version, range, alias.*; it has 1/,
  },
  {
    name: 'an alias that does not exist is not found, and the message lists those that do',
    request: pair({ version: 'latest' }),
    code: 'RELEASE_NOT_FOUND',
    message: /model 'pair' has no alias 'latest', which was asked for; it has no aliases, and the versions 1/,
  },
  {
    name: 'a range that matches nothing is not found, and the message lists the versions',
    request: loan({}, { version: '3.x' }),
    code: 'RELEASE_NOT_FOUND',
    message: /model 'loan' has no version in the range '3.x', which was asked for; it has 1.1.0, 1.0.0/,
  },
  {
    name: 'a range that matches a blocked version only is refused with the reason of the revision',
    request: loan({}, { version: '~1.1' }),
    code: 'RELEASE_BLOCKED',
    message: /in the range '~1.1'.* may be chosen: 1.1.0 is blocked \(wrong currency\)/,
  },
  {
    name: 'a time before the first revision is not found, and the message says when that was',
    request: loan({}, { version: '@1999-12-31' }),
    code: 'RELEASE_NOT_FOUND',
    message: /nothing is known of model 'loan' as of 1999-12-31: the first revision is 1 of /,
  },
  {
    name: 'a day that does not exist is not found',
    request: loan({}, { version: '@2026-02-30' }),
    code: 'RELEASE_NOT_FOUND',
    message: /'2026-02-30' is no time: expected such as @2026-11-20 or @2026-11-20T10:00:00Z/,
  },
  {
    name: 'a digest of too few digits is not found',
    request: loan({}, { version: 'sha256:0123' }),
    code: 'RELEASE_NOT_FOUND',
    message: /a digest is sha256: and 12 to 64 hexadecimal digits/,
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
