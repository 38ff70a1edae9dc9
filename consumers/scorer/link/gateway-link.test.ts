import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFakeGateway } from './testing/fake-gateway.ts';
import { binding, openLinks, request, until } from './testing/open-link.ts';

test('an event is scored by what the gateway answers', async (t) => {
  const gateway = await startFakeGateway(t);
  const link = await openLinks(t, [gateway.address]);
  const asked = link.bind(binding).score(request());
  await until('the entry', () => gateway.stream?.entries.length === 1);
  gateway.stream?.answer(1);
  assert.deepEqual(await asked, {
    release: { model: 'churn', version: '1.0.0', digest: 'sha256:1' },
    outcome: { kind: 'prediction', outputs: { score: 0.5 } },
    warnings: [],
    traceparent: '',
    record: undefined,
  });
});
