import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpuProfile, sharesOf } from './shares.ts';

const frames = [
  ['(idle)', ''],
  ['(garbage collector)', ''],
  ['sendMessage', '/x/node_modules/@grpc/grpc-js/build/src/server.js'],
  ['ModelInferRequest$decode', ''],
  ['finish', '/x/node_modules/protobufjs/src/writer.js'],
  ['pass', 'file:///x/gateway/layers/admission.ts'],
  ['openScope', 'file:///x/kernel/telemetry/call-scope.ts'],
  ['respond', 'node:internal/http2/core'],
  ['writev', ''],
] as const;

/** Each frame was met once for 100 µs, in their order. */
const profile: CpuProfile = {
  nodes: frames.map(([functionName, url], index) => ({ id: index + 1, callFrame: { functionName, url } })),
  samples: frames.map((_, index) => index + 1),
  timeDeltas: frames.map(() => 100),
};

const asText = (lastUs?: number): string[] =>
  sharesOf(profile, lastUs)
    .filter(({ share }) => share > 0)
    .map(({ part, share }) => `${part} ${(share * 8).toFixed(0)}`);

test('every frame belongs to one part, and idle time to none', () => {
  assert.deepEqual(asText(), [
    'protobuf 2',
    'garbage collector 1',
    'grpc-js 1',
    'layers of the gateway 1',
    'the rest of Sluice 1',
    'Node in JavaScript: HTTP/2, streams, events 1',
    'native: sockets, nghttp2, V8 1',
  ]);
});

test('the time before counts for nothing', () => {
  assert.deepEqual(asText(200), [
    'Node in JavaScript: HTTP/2, streams, events 4',
    'native: sockets, nghttp2, V8 4',
  ]);
});
