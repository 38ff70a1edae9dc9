import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { exampleStore, startGateway, startRuntime, startSluice } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';
import { churn } from './ask.ts';

/** A connection on which bytes are written by hand. */
interface Line {
  readonly socket: Socket;
  received: string;
}

const openLine = async (http: string): Promise<Line> => {
  const { hostname, port } = new URL(http);
  const line: Line = { socket: connect(Number(port), hostname), received: '' };
  line.socket.on('data', (data) => {
    line.received += String(data);
  });
  await once(line.socket, 'connect');
  line.socket.on('error', () => undefined);
  return line;
};

const body = JSON.stringify(churn);
const head = `POST /v1/models/churn:predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;

test('SIGTERM: requests in flight are answered, new ones refused, idle connections closed', async () => {
  await using sluice = await startSluice();
  const { gateway } = sluice;
  const idle = await openLine(gateway.http);
  const busy = await openLine(gateway.http);
  const late = await openLine(gateway.http);
  idle.socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
  await waitFor('the first answer', () => idle.received.includes('live'));
  busy.socket.write(head + body.slice(0, 10));
  late.socket.write('GET /v2 HTTP/1.1\r\nhost: x\r\n');
  await fetch(`${gateway.http}/livez`);
  const closed = [idle, busy, late].map(({ socket }) => once(socket, 'close'));
  gateway.signal('SIGTERM');
  await closed[0];
  busy.socket.write(body.slice(10));
  late.socket.write('\r\n');
  await Promise.all(closed);
  assert.match(busy.received, /^HTTP\/1\.1 200[\s\S]*connection: close[\s\S]*predictionId/i);
  assert.match(
    late.received,
    /^HTTP\/1\.1 503(?=[\s\S]*retry-after: 1\r)(?=[\s\S]*connection: close)[\s\S]*DRAINING/i,
  );
  assert.equal(await gateway.exited, 0);
});

test('a connection that never finishes its request is ended when draining takes too long', async () => {
  await using sluice = await startSluice({ env: { DRAIN_MS: '300' } });
  const stuck = await openLine(sluice.gateway.http);
  stuck.socket.write(head);
  await fetch(`${sluice.gateway.http}/livez`);
  sluice.gateway.signal('SIGTERM');
  assert.equal(await sluice.gateway.exited, 0);
});

test('a caller that goes away cancels what it asked for', async () => {
  await using sluice = await startSluice();
  const { gateway, runtimes } = sluice;
  runtimes[0]?.signal('SIGSTOP');
  const line = await openLine(gateway.http);
  line.socket.write(head + body);
  await waitFor('the request to be under way', async () =>
    /nv_inference_pending_request_count\{[^}]*\} 1/.test(
      await (await fetch(`${gateway.metrics}/metrics`)).text(),
    ),
  );
  line.socket.destroy();
  await waitFor('the cancellation', async () =>
    /sluice_request_seconds_count\{[^}]*door="rest",code="CANCELLED"[^}]*\} 1/.test(
      await (await fetch(`${gateway.metrics}/metrics`)).text(),
    ),
  );
  runtimes[0]?.signal('SIGCONT');
});

test('what is no HTTP is answered and ended, and the door stays open', async () => {
  await using sluice = await startSluice();
  const line = await openLine(sluice.gateway.http);
  line.socket.write('HELO sluice\r\n\r\n');
  await once(line.socket, 'close');
  assert.match(line.received, /^HTTP\/1\.1 400[\s\S]*MALFORMED_REQUEST/);
  assert.equal((await fetch(`${sluice.gateway.http}/livez`)).status, 200);
});

test('a port in use is said with its address, and exits with 69', async () => {
  await using runtime = await startRuntime();
  await using first = await startGateway([runtime.grpc]);
  const { host, port } = new URL(first.http);
  const started = startGateway([runtime.grpc], exampleStore, { HTTP_PORT: port });
  await assert.rejects(started, (error: Error) => {
    assert.match(error.message, /EADDRINUSE/);
    assert.ok(error.message.includes(host));
    return true;
  });
});
