import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import { sendMessages } from '../../support/publishing.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { assertNothingLeft, messagesOf, type Publishable, startPublishable } from './fixture.ts';
import { refusedRows } from './refused-rows.ts';

describe('a publication is refused', () => {
  const stack = new AsyncDisposableStack();
  let sluice: Publishable;

  before(async () => {
    const bounds = { PUBLISH_MAX_BYTES: '100000', PUBLISH_MAX_FILES: '10' };
    sluice = stack.use(await startPublishable(bounds));
  });
  after(() => stack.disposeAsync());

  const refused = async (messages: readonly PublishReleaseRequest[], key?: string) =>
    refusalOf(await sendMessages(sluice.clients, messages, key).catch((error: unknown) => error));

  for (const { name, messages, code, message } of refusedRows) {
    test(`for ${name}`, async () => {
      const refusal = await refused(messages);
      assert.equal(refusal.code, code, refusal.message);
      assert.match(refusal.message, message);
      await assertNothingLeft(sluice);
    });
  }

  test('without a key', async () => {
    const { code, message } = await refused(messagesOf('1.0.0'), '');
    assert.deepEqual([code, /authorization: Bearer/.test(message)], ['UNAUTHENTICATED', true]);
    await assertNothingLeft(sluice);
  });

  for (const key of ['wrong', 'the-key-of-the-tests2', 'THE-KEY-OF-THE-TESTS'])
    test(`with the key ${key}`, async () => {
      assert.equal((await refused(messagesOf('1.0.0'), key)).code, 'UNAUTHENTICATED');
      await assertNothingLeft(sluice);
    });

  test('and no log line has a key', () => {
    const log = JSON.stringify(sluice.gateway.lines) + sluice.gateway.stderr.join('');
    assert.match(log, /nothing was published/);
    assert.doesNotMatch(log, /the-key-of-the-tests|Bearer [^<]/i);
  });
});

test('where no admin key is configured, nobody may publish, and is told how one may', async () => {
  await using sluice = await startPublishable({ ADMIN_KEY_SHA256: '' });
  const refusal = refusalOf(await sendMessages(sluice.clients, messagesOf('1.0.0')).catch((error) => error));
  assert.equal(refusal.code, 'PERMISSION_DENIED');
  assert.match(refusal.message, /ADMIN_KEY_SHA256/);
  await assertNothingLeft(sluice);
});
