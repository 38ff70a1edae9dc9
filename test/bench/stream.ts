import { once } from 'node:events';
import type { Clients } from '../support/clients.ts';
import type { Load } from './load.ts';
import { inferRequest } from './request.ts';

/** Items that are sent ahead of their answers. */
const window = 256;

/** Sends so many items over one ModelStreamInfer stream and measures the whole. Latency is that of an item in a full window. */
export const streamLoad = async ({ inference }: Clients, items: number): Promise<Load> => {
  const stream = inference.ModelStreamInfer();
  const sentAt = new Float64Array(items);
  const latencies = new Float64Array(items);
  const request = inferRequest();
  let sent = 0;
  let answered = 0;
  const fill = (): void => {
    while (sent < items && sent - answered < window) {
      sentAt[sent] = performance.now();
      sent += 1;
      stream.write(request);
    }
    if (sent === items && answered === items) stream.end();
  };
  stream.on('data', ({ errorMessage }: { errorMessage: string }) => {
    if (errorMessage !== '') throw new Error(errorMessage);
    latencies[answered] = (performance.now() - (sentAt[answered] ?? 0)) * 1000;
    answered += 1;
    fill();
  });
  const startedAt = performance.now();
  fill();
  await once(stream, 'end');
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort();
  return {
    perSecond: items / seconds,
    p50Us: latencies[items >> 1] ?? 0,
    p99Us: latencies[Math.floor(items * 0.99)] ?? 0,
  };
};
