import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants, type Settings } from 'node:http2';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { defaultLimits, startRpcServer } from './server.ts';
import { windowBytes } from './wide-windows.ts';

const initialBytes = 65_535;

test('a connection, and each call on it, may send further ahead from its first call on', async (t) => {
  const host = '127.0.0.1';
  const addServices = () => undefined;
  await using server = await startRpcServer({
    host,
    port: 0,
    limits: defaultLimits,
    drainMs: 1_000,
    addServices,
  });
  const session = connect(`http://${host}:${server.port}`);
  t.after(() => session.destroy());
  const [first] = (await once(session, 'remoteSettings')) as [Settings];
  assert.equal(first.initialWindowSize, initialBytes);
  const next = once(session, 'remoteSettings') as Promise<[Settings]>;
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: '/no.Such/Method',
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
  });
  const [widened] = await next;
  assert.equal(widened.initialWindowSize, windowBytes);
  while ((session.state.remoteWindowSize ?? 0) < windowBytes) await nextTurn();
  stream.destroy();
});
