import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceivedSpan } from '../../../support/otlp-receiver.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { house } from '../houses.ts';
import { runStream } from '../streams.ts';
import { event, headersOf, longMs, send, untilThere } from '../topics.ts';
import type { World } from '../world.ts';

const traces = { 'at-least-once': 'a'.repeat(32), 'exactly-once': 'b'.repeat(32) } as const;
const eventSpan = '00f067aa0ba902b7';

/** One trace, from the event's header to the row. */
export const traceCases = (world: World): void => {
  for (const [delivery, traceId] of Object.entries(traces))
    test(`${delivery}: one trace leads from the event through scorer, gateway and runtime to the scored event and the record`, async () => {
      await using stack = new AsyncDisposableStack();
      const { log, collector, ask } = world();
      const stream = await runStream(world(), stack, {
        model: 'house-price',
        delivery: delivery as keyof typeof traces,
      });
      const traceparent = `00-${traceId}-${eventSpan}-01`;
      await send(log, stream.from, [
        event('k', house(1), {
          headers: [
            ['traceparent', Buffer.from(traceparent)],
            ['tracestate', Buffer.from('vendor=own')],
          ],
        }),
      ]);
      const [message] = await untilThere(log, stream.to, 1);
      const headers = headersOf(message ?? assert.fail('nothing came'));
      const named = (name: string): Promise<ReceivedSpan> =>
        waitFor(
          `the span ${name}`,
          () => collector.spans.find((span) => span.traceId === traceId && span.name === name),
          longMs,
        );
      const scorer = await named(`process ${stream.from}`);
      const gateway = await named('sluice.gateway.v1.GatewayService/Exchange');
      const runtime = await named('compute');
      const write = await named(`send ${stream.to}`);
      assert.deepEqual(
        [scorer, gateway, runtime].map(({ service, parentSpanId }) => [service, parentSpanId]),
        [
          ['sluice-consumers', eventSpan],
          ['sluice-gateway', scorer.spanId],
          ['sluice-model-runtime', gateway.spanId],
        ],
      );
      assert.deepEqual(write.links, [scorer.spanId]);
      assert.equal(headers['traceparent'], `00-${traceId}-${scorer.spanId}-01`);
      assert.equal(headers['tracestate'], 'vendor=own');
      const record = await waitFor(
        'the record',
        async () => {
          const { status, json } = await ask('GET', `/v1/predictions/${headers['ce_id']}`);
          return status === 200 && (json as { record: { traceId: string } }).record;
        },
        longMs,
      );
      assert.equal(record.traceId, traceId);
    });
};
