import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from '@sluice/kernel/testing/free-port';
import { findPortFaults } from './check-ports.ts';
import type { ProcessSpec } from './process-spec.ts';

const gatewayAt = (host: string, port: number): ProcessSpec[] => [
  {
    name: 'gateway',
    main: '',
    environment: {},
    healthUrl: '',
    addresses: [{ label: 'HTTP', scheme: 'http', host, port, variable: 'GATEWAY_HTTP_PORT' }],
    after: [],
    watch: [],
  },
];

test('a free port is no fault', async () => {
  assert.deepEqual(await findPortFaults(gatewayAt('127.0.0.1', await freePort())), []);
});

test('a port in use is named with its process and its variable', async (t) => {
  const port = await freePort();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  t.after(() => holder.close());
  assert.deepEqual(await findPortFaults(gatewayAt('127.0.0.1', port)), [
    `port ${port} on 127.0.0.1 (HTTP of gateway) is in use by another program: ` +
      'set GATEWAY_HTTP_PORT to a free port, or SLUICE_PORT_OFFSET to shift all ports',
  ]);
});

test('an address of another machine is said to be one', async () => {
  const [fault = ''] = await findPortFaults(gatewayAt('192.0.2.1', await freePort()));
  assert.match(fault, /192\.0\.2\.1 is no address of this machine: check BIND_HOST/);
});
