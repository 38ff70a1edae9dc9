import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, unary } from '../support/clients.ts';
import { startGateway, startRuntime } from '../support/sluice.ts';
import { waitFor } from '../support/wait-for.ts';

const portOf = (address: string): string => address.split(':').at(-1) ?? '';

const answeredBy = async (metrics: string): Promise<number> => {
  const text = await (await fetch(`${metrics}/metrics`)).text();
  return [...text.matchAll(/^nv_inference_request_success\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
};

const input = { name: 'features', datatype: 'FP32', shape: [1, 19] };

/** One prediction through each door, over connections of their own. */
const askBothDoors = async ({
  grpc,
  http,
}: {
  readonly grpc: string;
  readonly http: string;
}): Promise<void> => {
  using clients = connect(grpc, { 'grpc.use_local_subchannel_pool': 1 });
  const request = {
    modelName: 'churn',
    modelVersion: '1.0.0',
    inputs: [input],
    rawInputContents: [Buffer.alloc(19 * 4)],
  };
  await unary((done) => clients.inference.ModelInfer(request, done));
  const body = JSON.stringify({ inputs: [{ ...input, data: new Array<number>(19).fill(0) }] });
  const headers = { connection: 'close', 'content-type': 'application/json' };
  const answer = await fetch(`${http}/v2/models/churn/versions/1.0.0/infer`, {
    method: 'POST',
    headers,
    body,
  });
  assert.equal(answer.status, 200);
};

test('two gateways share their ports, and one goes on when the other stops', async () => {
  await using stack = new AsyncDisposableStack();
  const runtime = stack.use(await startRuntime());
  const first = stack.use(await startGateway([runtime.grpc], undefined, { REUSE_PORT: 'true' }));
  const ports = { HTTP_PORT: portOf(first.http), GRPC_PORT: portOf(first.grpc), REUSE_PORT: 'true' };
  const second = stack.use(await startGateway([runtime.grpc], undefined, ports));
  await waitFor('both gateways to have answered', async () => {
    await askBothDoors(first);
    const counts = await Promise.all([first, second].map(({ metrics }) => answeredBy(metrics)));
    return counts.every((count) => count > 0);
  });
  first.signal('SIGTERM');
  assert.equal(await first.exited, 0);
  for (let request = 0; request < 8; request += 1) await askBothDoors(second);
});

test('without REUSE_PORT a second gateway on the same port does not start', async () => {
  await using stack = new AsyncDisposableStack();
  const runtime = stack.use(await startRuntime());
  const first = stack.use(await startGateway([runtime.grpc]));
  await assert.rejects(
    startGateway([runtime.grpc], undefined, { GRPC_PORT: portOf(first.grpc) }),
    /cannot bind/,
  );
});
