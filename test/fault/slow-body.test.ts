import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { askInfer, askPredict } from './support/ask.ts';
import { askRest } from './support/ask-rest.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { metricOf } from './support/metrics.ts';
import { dripping, partOfBody, partOfHeaders, partOfMessage, type Stalled } from './support/stalled.ts';
import { within } from './support/within.ts';

/** Clients that stall at once. */
const clients = 200;
/** Far longer than the others take, so that they are certainly answered meanwhile. */
const env = { RECEIVE_MS: '10000' };
const endedMs = 60_000;

const kinds: readonly {
  readonly kind: string;
  readonly open: (cluster: Cluster) => Promise<Stalled>;
  /** What they are told in the end. */
  readonly status: string;
}[] = [
  { kind: 'a body', open: ({ gateway }) => dripping(gateway.http, partOfBody), status: '408' },
  { kind: 'its headers', open: ({ gateway }) => dripping(gateway.http, partOfHeaders), status: '408' },
  { kind: 'a gRPC message', open: ({ gateway }) => partOfMessage(gateway.grpc), status: '4' },
];

const connections = ({ gateway }: Cluster): Promise<number> =>
  metricOf(gateway.metrics, 'nodejs_active_resources', 'TCPSocketWrap');

const assertNothingAdmitted = async ({ gateway: { metrics } }: Cluster): Promise<void> => {
  for (const name of ['admission_in_flight_requests', 'admission_waiting_requests', 'admission_bytes'])
    assert.equal(await metricOf(metrics, `sluice_${name}`), 0, name);
};

const assertAnswers = async ({ clients, gateway }: Cluster): Promise<void> => {
  for (let id = 0; id < 20; id += 1)
    for (const outcome of [
      await askInfer(clients, id),
      await askPredict(clients, id),
      await askRest(gateway.http, id),
    ])
      assert.equal(outcome.code, 'OK', outcome.message);
};

for (const { kind, open, status } of kinds) {
  test(`a client that sends a part of ${kind} is ended after RECEIVE_MS, and others are answered meanwhile`, async () => {
    await using cluster = await startCluster({ runtimes: 1, env });
    using stack = new DisposableStack();
    await assertAnswers(cluster);
    const before = await connections(cluster);
    const stalled = await Promise.all(
      Array.from({ length: clients }, async () => stack.use(await open(cluster))),
    );
    let ended = 0;
    const endings = stalled.map(async (each) => {
      const told = await each.ended;
      ended += 1;
      return told;
    });
    await waitFor('all connections', async () => (await connections(cluster)) === before + clients);
    await assertAnswers(cluster);
    await assertNothingAdmitted(cluster);
    assert.equal(ended, 0, 'all of them were still there');

    const told = await within('the server to end them', Promise.all(endings), endedMs);
    assert.deepEqual(told, new Array<string>(clients).fill(status));
    stack.dispose();
    await waitFor('no connection to be left', async () => (await connections(cluster)) === before);
    await assertAnswers(cluster);
    await assertNothingAdmitted(cluster);
  });
}
