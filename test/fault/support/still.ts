import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import { askInfer, askPredict } from './ask.ts';
import { type Cluster, placeOf, startCluster } from './cluster.ts';
import { inFlightOf, metricOf } from './metrics.ts';

/** A cluster whose only runtime stands still, so that what is sent stays in flight. */
export const startStill = async (): Promise<Cluster> => {
  const cluster = await startCluster({ runtimes: 1 });
  placeOf(cluster, 0).running.signal('SIGSTOP');
  return cluster;
};

export const inFlightIs = (what: string, { gateway }: Cluster, count: number): Promise<boolean> =>
  waitFor(what, async () => (await inFlightOf(gateway)) === count);

export const openStreamsOf = ({ gateway }: Cluster): Promise<number> =>
  metricOf(gateway.metrics, 'sluice_open_streams');

/** The runtime goes on: it still serves, and nothing that was abandoned is left anywhere. */
export const assertClean = async (cluster: Cluster): Promise<void> => {
  const { gateway, clients } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  runtime.signal('SIGCONT');
  assert.deepEqual([(await askPredict(clients)).code, (await askInfer(clients)).code], ['OK', 'OK']);
  assert.equal(await metricOf(gateway.metrics, 'nv_inference_pending_request_count'), 0);
  assert.equal(await metricOf(gateway.metrics, 'sluice_admission_waiting_requests'), 0);
  assert.equal(await metricOf(gateway.metrics, 'sluice_admission_in_flight_requests'), 0);
  assert.equal(await metricOf(gateway.metrics, 'sluice_admission_bytes'), 0);
  assert.equal(await inFlightOf(gateway), 0);
  assert.equal(await openStreamsOf(cluster), 0);
  assert.equal(await metricOf(`http://${runtime.metrics}`, 'sluice_runtime_queued_requests'), 0);
};
