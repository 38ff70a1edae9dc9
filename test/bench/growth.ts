import { connect } from '../support/clients.ts';
import type { RunningSluice } from '../support/sluice.ts';
import { closedLoop } from './load.ts';
import { memoryOf } from './memory.ts';
import { inferOnce } from './request.ts';

/** Memory of one process, in MiB: resident when idle, anonymous after warm-up and after the requests. */
export interface Growth {
  readonly process: string;
  readonly idleRss: number;
  readonly warm: number;
  readonly after: number;
}

const warmUpRequests = 200_000;
export const measuredRequests = 200_000;
const inFlight = 64;

/** Sends the warm-up, then the measured requests, and looks at both processes before and after. */
export const measureGrowth = async ({ gateway, runtimes }: RunningSluice): Promise<Growth[]> => {
  const processes = [
    { process: 'gateway', pid: gateway.pid },
    { process: 'model-runtime', pid: runtimes[0]?.pid ?? 0 },
  ];
  const look = () => processes.map(({ pid }) => memoryOf(pid));
  using clients = connect(gateway.grpc);
  const idle = look();
  await closedLoop(warmUpRequests, inFlight, inferOnce(clients));
  const warm = look();
  await closedLoop(measuredRequests, inFlight, inferOnce(clients));
  const after = look();
  return processes.map(({ process }, index) => ({
    process,
    idleRss: idle[index]?.rss ?? Number.NaN,
    warm: warm[index]?.anonymous ?? Number.NaN,
    after: after[index]?.anonymous ?? Number.NaN,
  }));
};
