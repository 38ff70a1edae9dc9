import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { ModelInferResponse } from '@sluice/protos/gen/inference/ModelInferResponse';
import { type Clients, connect, unary } from '../../support/clients.ts';
import { startGateway } from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Ask, infer, refused } from './ask.ts';
import { fp32, upstreamManifest } from './manifest.ts';
import { type ScriptedServer, startScripted } from './scripted-server.ts';

/** Two rows. */
const ask: Ask = { model: 'odd', input: 'x', shape: [2, 1], values: [1, 2] };
const output = (more: object = {}) => ({ name: 'y', datatype: 'FP32', shape: [2, 1], ...more });
const raw = (...numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer);
const typed = { fp32Contents: [3, 4] };

const good: readonly [what: string, answer: ModelInferResponse][] = [
  ['raw contents', { outputs: [output()], rawOutputContents: [raw(3, 4)] }],
  ['typed contents', { outputs: [output({ contents: typed })] }],
  [
    'an output beside the wanted one',
    { outputs: [output({ name: 'z' }), output()], rawOutputContents: [raw(9, 9), raw(3, 4)] },
  ],
];

const nonsense: readonly [what: string, answer: ModelInferResponse | Buffer, message: RegExp][] = [
  ['nothing', {}, /outputs\.y: missing output of FP32 \[-1,1\]/],
  ['another output', { outputs: [output({ name: 'z', contents: typed })] }, /outputs\.y: missing output/],
  [
    'the output twice',
    { outputs: [output(), output()], rawOutputContents: [raw(3, 4), raw(3, 4)] },
    /outputs\.y: came twice/,
  ],
  [
    'another datatype',
    { outputs: [output({ datatype: 'INT32', contents: { intContents: [3, 4] } })] },
    /outputs\.y\.datatype: expected FP32, got INT32/,
  ],
  ['no datatype of the protocol', { outputs: [output({ datatype: 'FLOAT' })] }, /'FLOAT' is no datatype/],
  [
    'another shape',
    { outputs: [output({ shape: [2] })], rawOutputContents: [raw(3, 4)] },
    /outputs\.y\.shape: expected \[-1,1\], got \[2\]/,
  ],
  [
    'fewer rows than were sent',
    { outputs: [output({ shape: [1, 1] })], rawOutputContents: [raw(3)] },
    /outputs\.y\.shape: expected 2 rows, got 1/,
  ],
  [
    'a negative dimension',
    { outputs: [output({ shape: [-1, 1] })], rawOutputContents: [raw(3, 4)] },
    /outputs\.y has the shape \[-1,1\]/,
  ],
  [
    'fewer bytes than the shape needs',
    { outputs: [output()], rawOutputContents: [raw(3)] },
    /outputs\.y\.data: FP32 of shape \[2,1\] needs 8 bytes, 4 came/,
  ],
  ['fewer values', { outputs: [output({ contents: { fp32Contents: [3] } })] }, /needs 8 bytes, 4 came/],
  ['no values', { outputs: [output()] }, /needs 8 bytes, 0 came/],
  [
    'values of another type',
    { outputs: [output({ contents: { fp64Contents: [3, 4] } })] },
    /outputs\.y: FP32 comes in fp32_contents, but fp64_contents is filled/,
  ],
  [
    'more raw contents than outputs',
    { outputs: [output()], rawOutputContents: [raw(3, 4), raw(3, 4)] },
    /raw_output_contents has 2 entries for 1 outputs/,
  ],
  [
    'raw and typed contents',
    { outputs: [output({ contents: typed })], rawOutputContents: [raw(3, 4)] },
    /outputs\.y has typed contents beside raw_output_contents/,
  ],
  ['bytes that are no message', Buffer.from('no message'), /pars|decod|index out of range|wire type/i],
];

const statuses: readonly [code: number, details: string, ours: string, message: RegExp][] = [
  [status.INTERNAL, 'X has 3 features', 'COMPUTE_FAILED', /^grpc:.* says: X has 3 features$/],
  [status.UNKNOWN, '', 'COMPUTE_FAILED', /^grpc:.* says: UNKNOWN$/],
  [status.INVALID_ARGUMENT, 'bad shape', 'INVALID_INPUT', /says: bad shape/],
  [status.NOT_FOUND, 'no such model', 'RELEASE_UNAVAILABLE', /says: no such model/],
  [status.UNIMPLEMENTED, 'no such method', 'RELEASE_UNAVAILABLE', /says: no such method/],
  [status.RESOURCE_EXHAUSTED, 'too many', 'QUEUE_FULL', /says: too many/],
  [status.RESOURCE_EXHAUSTED, 'Received message larger than max (9 vs 4)', 'MESSAGE_TOO_LARGE', /9 vs 4/],
  [status.DEADLINE_EXCEEDED, 'late', 'DEADLINE_EXCEEDED', /late/],
  [status.UNAVAILABLE, 'overloaded', 'RUNTIME_LOST', /was lost while it computed odd 1\.0\.0: overloaded/],
];

describe('another server that answers nonsense', () => {
  let server: ScriptedServer;
  let clients: Clients;
  const stack = new AsyncDisposableStack();
  const untilReady = () =>
    waitFor('the release to be ready', async () => {
      const { ready } = await unary<{ ready: boolean }>((done) =>
        clients.inference.ModelReady({ name: 'odd' }, done as never),
      );
      return ready;
    });

  before(async () => {
    server = stack.use(await startScripted());
    const declared = { inputs: [fp32('x', -1, 1)], outputs: [fp32('y', -1, 1)] };
    const manifest = upstreamManifest('odd', { address: server.address, of: 'its-name', ...declared });
    const store = stack.use(await temporaryStore({ 'odd/1.0.0/sluice.yaml': manifest }));
    // Nobody listens there: no runtime of Sluice's own takes part.
    const gateway = stack.use(await startGateway(['127.0.0.1:1'], store.url, { UPSTREAM_POLL_MS: '20' }));
    clients = stack.use(connect(gateway.grpc));
    await untilReady();
  });
  after(() => stack.disposeAsync());

  for (const [what, answer] of good) {
    test(`is understood when it answers ${what}`, async () => {
      server.answer = answer;
      assert.deepEqual(await infer(clients, ask), [3, 4]);
    });
  }

  test('is asked by its own name for the model, raw, for every output by name, in the trace of the caller', async () => {
    server.answer = { outputs: [output()], rawOutputContents: [raw(3, 4)] };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    await infer(clients, { ...ask, traceparent });
    const { modelName, modelVersion, outputs, rawInputContents } = server.last?.request ?? {};
    assert.deepEqual([modelName, modelVersion], ['its-name', '']);
    assert.deepEqual(
      outputs?.map(({ name }) => name),
      ['y'],
    );
    assert.deepEqual(rawInputContents, [raw(1, 2)]);
    assert.deepEqual(server.last?.metadata.get('traceparent'), [traceparent]);
  });

  for (const [what, answer, message] of nonsense) {
    test(`fails the request when it answers ${what}`, async () => {
      server.answer = answer;
      const refusal = await refused(clients, ask);
      assert.equal(refusal.code, 'COMPUTE_FAILED');
      assert.match(refusal.message, message);
      assert.match(refusal.message, /^grpc:\/\/127/);
    });
  }

  for (const [code, details, ours, message] of statuses) {
    test(`its status ${status[code]} '${details}' becomes ${ours}`, async () => {
      await untilReady();
      server.answer = { code, details };
      const refusal = await refused(clients, ask);
      assert.equal(refusal.code, ours);
      assert.match(refusal.message, message);
    });
  }
});
