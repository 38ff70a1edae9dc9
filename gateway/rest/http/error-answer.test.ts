import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import { errorAnswer } from './error-answer.ts';
import { fromFramework } from './framework-error.ts';

const violations = [{ path: 'features.tenure', rule: 'required', message: 'missing' }];

const answered = (error: SluiceError, path: string) => {
  const { status, headers, body } = errorAnswer(error, path);
  return { status, retryAfter: headers['retry-after'], body: JSON.parse(String(body)) as unknown };
};

test('on /v1 an error has code, message and violations', () => {
  assert.deepEqual(answered(invalidInput(violations), '/v1/predict'), {
    status: 422,
    retryAfter: undefined,
    body: { code: 'INVALID_INPUT', message: 'features.tenure: missing', violations },
  });
});

test('on /v2 an error looks as clients of the protocol expect it, with our code beside', () => {
  for (const path of ['/v2', '/v2?x=1', '/v2/models/m/infer']) {
    assert.deepEqual(answered(invalidInput(violations), path), {
      status: 400,
      retryAfter: undefined,
      body: { error: 'features.tenure: missing', code: 'INVALID_INPUT' },
    });
  }
  assert.equal(answered(invalidInput(violations), '/v23').status, 422);
});

test('a retry hint is whole seconds, at least one, and milliseconds in the body', () => {
  const late = new SluiceError('QUEUE_FULL', 'full', { retryAfterMs: 10 });
  assert.deepEqual(answered(late, '/v1/predict'), {
    status: 429,
    retryAfter: '1',
    body: { code: 'QUEUE_FULL', message: 'full', violations: [], retryAfterMs: 10 },
  });
  const later = new SluiceError('DRAINING', 'stopping', { retryAfterMs: 2_100 });
  assert.equal(answered(later, '/v2').retryAfter, '3');
});

const refusal = (statusCode: number) => Object.assign(new Error('no'), { statusCode });

for (const [thrown, code] of [
  [refusal(413), 'MESSAGE_TOO_LARGE'],
  [refusal(415), 'UNSUPPORTED_ENCODING'],
  [refusal(400), 'MALFORMED_REQUEST'],
  [refusal(500), 'INTERNAL'],
  [new Error('a fault of ours'), 'INTERNAL'],
  ['text', 'INTERNAL'],
  [new SluiceError('DRAINING', 'stopping'), 'DRAINING'],
] as const) {
  test(`what fastify throws is ${code}: ${JSON.stringify(thrown)}`, () => {
    assert.equal(fromFramework(thrown, 1).code, code);
  });
}

test('what is internal is not told', () => {
  assert.doesNotMatch(String(errorAnswer(fromFramework(new Error('secret'), 1), '/v1').body), /secret/);
});
