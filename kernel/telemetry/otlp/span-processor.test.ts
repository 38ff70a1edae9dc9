import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { eventually } from '../../event-log/testing/eventually.ts';
import { createSpanProcessor } from './span-processor.ts';

/** Names of spans, by the request that brought them. */
const startCollector = async (t: TestContext) => {
  const requests: string[][] = [];
  const server = createServer(async (request, response) => {
    requests.push(String(await buffer(request)).match(/span \d/g) ?? []);
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const setEnv = (t: TestContext, settings: Readonly<Record<string, string>>): void => {
  Object.assign(process.env, settings);
  t.after(() => {
    for (const name of Object.keys(settings)) delete process.env[name];
  });
};

test('spans that are sampled are sent in batches, as the standard variables say', async (t) => {
  const { requests, url } = await startCollector(t);
  setEnv(t, {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    OTEL_BSP_EXPORT_TIMEOUT: '-1',
  });
  const provider = new TracerProvider({ spanProcessors: [createSpanProcessor()] });
  const tracer = provider.getTracer('test');
  const parent = { traceId: '0'.repeat(31).concat('1'), spanId: '0'.repeat(15).concat('1') };
  const unsampled = trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: TraceFlags.NONE });
  tracer.startSpan('span 0', {}, unsampled).end();
  for (const number of [1, 2, 3]) tracer.startSpan(`span ${number}`).end();
  await eventually('three spans', () => requests.flat().length === 3, 10_000);
  assert.deepEqual(requests, [['span 1', 'span 2'], ['span 3']]);
  tracer.startSpan('span 4').end();
  await provider.shutdown();
  assert.deepEqual(requests[2], ['span 4']);
});
