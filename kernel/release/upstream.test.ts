import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { isComputedElsewhere, readRelease } from './read-release.ts';

const x = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
const y = { name: 'y', datatype: 'FP64', shape: [-1, 1] };
const good = {
  apiVersion: 'sluice/v1',
  model: 'm',
  version: '1',
  kind: 'upstream',
  upstream: { url: 'grpc://models.internal:8081', model: 'theirs', identity: 'run 7' },
  signature: { inputs: [x], outputs: [y] },
};
const manifest = (more: object = {}): string => stringify({ ...good, ...more });
const upstream = (more: object): object => ({ upstream: { ...good.upstream, ...more } });
const signature = (more: object): object => ({ signature: { ...good.signature, ...more } });

test('a release of kind upstream is its manifest: server, signature, features', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/sluice.yaml', manifest());
  const release = await readRelease(store, 'm', '1');
  assert.deepEqual(release.upstream, {
    url: 'grpc://models.internal:8081',
    address: 'models.internal:8081',
    model: 'theirs',
    version: '',
    identity: 'run 7',
  });
  assert.deepEqual(release.signature, { inputs: [x], outputs: [y], maxBatchSize: 1024 });
});

test('another identity is another digest', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/sluice.yaml', manifest());
  const before = await readRelease(store, 'm', '1');
  await put('m/1/sluice.yaml', manifest(upstream({ identity: 'run 8' })));
  assert.notEqual((await readRelease(store, 'm', '1')).digest, before.digest);
});

test('there is no batch axis where a tensor has none in front, or where maxBatchSize is 0', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/sluice.yaml', manifest(signature({ outputs: [{ ...y, shape: [3] }] })));
  await put('m/2/sluice.yaml', manifest({ version: '2', ...signature({ maxBatchSize: 0 }) }));
  await put('m/3/sluice.yaml', manifest({ version: '3', ...signature({ maxBatchSize: 16 }) }));
  for (const [version, expected] of [
    ['1', 0],
    ['2', 0],
    ['3', 16],
  ] as const)
    assert.equal((await readRelease(store, 'm', version)).signature.maxBatchSize, expected);
});

test('a config.pbtxt beside the versions is for those with a graph', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/config.pbtxt', 'name: "m" max_batch_size: 8');
  await put('m/1/sluice.yaml', manifest());
  assert.equal((await readRelease(store, 'm', '1')).signature.maxBatchSize, 1024);
});

for (const address of ['127.0.0.1:8081', '[::1]:1', 'mlserver.models.svc.cluster.local:65535'])
  test(`grpc://${address} is a url`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/sluice.yaml', manifest(upstream({ url: `grpc://${address}` })));
    assert.equal((await readRelease(store, 'm', '1')).upstream?.address, address);
  });

const urls = [
  '',
  'mlserver:8081',
  'http://a:1',
  'grpc://a',
  'grpc://a:0',
  'grpc://a:65536',
  'grpc://a:1/m',
  'grpc://u@a:1',
];
const bad: readonly [
  manifest: string,
  fault: RegExp,
  files?: Readonly<Record<string, string | Uint8Array>>,
][] = [
  ...urls.map((url): [string, RegExp] => [
    manifest(upstream({ url })),
    /^sluice\.yaml:6: upstream\.url: expected grpc:\/\/host:port, got '/,
  ]),
  [manifest(upstream({ url: 'grpcs://a:1' })), /upstream\.url: TLS is not spoken yet/],
  [manifest(upstream({ identity: '' })), /upstream\.identity/],
  [
    manifest({ upstream: undefined }),
    /upstream: a release of kind upstream needs it: the server that computes/,
  ],
  [manifest({ signature: undefined }), /signature: .* needs it: there is no graph to read it from/],
  [manifest(signature({ inputs: [] })), /signature\.inputs/],
  [
    manifest(signature({ inputs: [{ ...x, datatype: 'FLOAT' }] })),
    /expected a datatype of the Open Inference/,
  ],
  [manifest(signature({ inputs: [{ ...x, shape: [-2] }] })), /signature\.inputs\.0\.shape\.0/],
  [manifest(signature({ inputs: [{ ...x, shape: [0] }] })), /signature\.inputs\.x: no dimension is 0/],
  [manifest(signature({ outputs: [y, y] })), /signature\.outputs: y is there twice/],
  [
    manifest(signature({ outputs: [{ ...y, shape: [1] }], maxBatchSize: 4 })),
    /signature\.maxBatchSize is 4, but y has no batch axis \(-1 in front\): \[1\]/,
  ],
  [manifest({ batching: { maxSize: 4 } }), /batching: the other server batches/],
  [
    manifest({ features: [{ name: 'a', type: 'number', tensor: 'n' }] }),
    /features\.a\.tensor: there is no input n/,
  ],
  [manifest({ outputs: { p: { tensor: 'n' } } }), /outputs\.p: there is no output n/],
  [
    manifest({
      signature: { inputs: [{ ...x, datatype: 'BF16', shape: [-1] }], outputs: [y] },
      features: [{ name: 'a', type: 'number', tensor: 'x' }],
    }),
    /a number cannot fill x of BF16/,
  ],
  [manifest(), /kind: upstream, but there is a model\.onnx/, { 'model.onnx': identityModel([]) }],
  [manifest(), /kind: upstream, but there is a config\.pbtxt/, { 'config.pbtxt': '' }],
  [manifest({ kind: 'onnx', signature: undefined }), /upstream: only a release of kind upstream has it/],
  [manifest({ kind: 'onnx', upstream: undefined }), /signature: it is read from model\.onnx/],
  [manifest({ kind: 'triton' }), /kind/],
];

for (const [text, fault, files = {}] of bad)
  test(`a manifest is refused: ${fault.source}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/sluice.yaml', text);
    for (const [path, content] of Object.entries(files)) await put(`m/1/${path}`, content);
    await assert.rejects(readRelease(store, 'm', '1'), { message: fault });
  });

test('whether another server computes a release is told by its manifest alone', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/sluice.yaml', manifest());
  await put('m/2/model.onnx', identityModel([]));
  await put('m/3/sluice.yaml', 'kind: upstream');
  const told = await Promise.all(
    ['1', '2', '3', '4'].map((version) => isComputedElsewhere(store, 'm', version)),
  );
  assert.deepEqual(told, [true, false, false, false]);
});
