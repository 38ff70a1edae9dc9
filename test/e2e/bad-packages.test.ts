import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';
import type { GetReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/GetReleaseResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { type Clients, connect, unary } from '../support/clients.ts';
import type { LogLine } from '../support/process.ts';
import { type RunningSluice, startSluice } from '../support/sluice.ts';
import { bothStores } from '../support/stores.ts';

const values = [{ name: 'x0', datatype: 'FP32', shape: ['N', 1] }] as const;
const model = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);
const graph = (more: Partial<Parameters<typeof onnxModel>[0]>): Uint8Array =>
  onnxModel({
    inputs: values,
    outputs: [{ ...values[0], name: 'y0' }],
    nodes: [{ op: 'Identity', inputs: ['x0'], outputs: ['y0'] }],
    ...more,
  });
const weight = { name: 'w', datatype: 'FP32', shape: [1], data: new Uint8Array(4) } as const;

const manifest = (version: string, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify(
    {
      apiVersion: 'sluice/v1',
      model: 'm',
      version,
      features: [{ name: 'age', type: 'number', tensor: 'x0', required: true }],
      outputs: { score: { tensor: 'y0' } },
      ...more,
    },
    null,
    1,
  );

/** Nine times nine times … nine words. */
const laughs = 'bcdefghij'
  .split('')
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`)
  .reduce((text, line) => `${text}${line}\n`, 'a: &a [x,x,x]\n');

type Files = Readonly<Record<string, string | Uint8Array>>;
const withManifest = (more: Readonly<Record<string, unknown>>) => (version: string) => ({
  'sluice.yaml': manifest(version, more),
});
const withGraph = (bytes: Uint8Array) => () => ({ 'model.onnx': bytes });

const rows: readonly [what: string, files: (version: string) => Files, reason: RegExp][] = [
  [
    'a field that does not exist',
    withManifest({ batchin: { maxSize: 8 } }),
    /^sluice\.yaml:\d+: batchin: unknown field; did you mean 'batching'\?$/,
  ],
  [
    'a field of another type',
    withManifest({ description: 7 }),
    /^sluice\.yaml:\d+: description: expected a string, got number 7; write it in quotes$/,
  ],
  [
    'a feature of no tensor',
    withManifest({ features: [{ name: 'age', type: 'number', tensor: 'x1' }] }),
    /^sluice\.yaml:9: features\.age\.tensor: there is no input x1; it has x0/,
  ],
  [
    'an output of no tensor',
    withManifest({ outputs: { score: { tensor: 'y9' } } }),
    /: outputs\.score: there is no output y9; it has y0$/,
  ],
  [
    'another version',
    () => ({ 'sluice.yaml': manifest('9.9.9') }),
    /^sluice\.yaml:4: version: expected .* as the folder says, got 9\.9\.9$/,
  ],
  [
    'a manifest that is no YAML',
    () => ({ 'sluice.yaml': 'a: 1\nb: [' }),
    /^sluice\.yaml:2: this is not YAML: /,
  ],
  [
    'a billion laughs',
    () => ({ 'sluice.yaml': laughs }),
    /^sluice\.yaml: this is not YAML: Excessive alias count/,
  ],
  [
    'a graph cut short',
    withGraph(model.subarray(0, 30)),
    /^model\.onnx: this is not an ONNX model: it is truncated/,
  ],
  [
    'a pickle for a graph',
    withGraph(Uint8Array.of(0x80, 4, 0x95)),
    /^model\.onnx: .* Python pickle; export the model to ONNX$/,
  ],
  [
    'a pointer of Git LFS',
    withGraph(Buffer.from('version https://git-lfs.github.com/spec/v1\n')),
    /run git lfs pull/,
  ],
  [
    'a newer opset',
    withGraph(graph({ opset: 99 })),
    /^model\.onnx: uses opset 99 of ai\.onnx, ONNX Runtime [\d.]+ computes up to \d+; export/,
  ],
  [
    'a custom operator',
    withGraph(graph({ nodes: [{ op: 'Foo', domain: 'com.example', inputs: ['x0'], outputs: ['y0'] }] })),
    /^model\.onnx: has custom operators of com\.example: Foo; /,
  ],
  [
    'weights outside',
    withGraph(graph({ constants: [{ ...weight, location: '../../etc/passwd' }] })),
    /external data must lie in the release's own folder/,
  ],
  [
    'weights that are not there',
    withGraph(graph({ constants: [{ ...weight, location: 'w.bin' }] })),
    /lie in w\.bin, which is not in the package$/,
  ],
  [
    'weights of an absurd shape',
    withGraph(graph({ constants: [{ ...weight, shape: [1_000_000, 1_000_000] }] })),
    /^model\.onnx: weights of w have the shape \[1000000,1000000\], but model\.onnx has only \d+ bytes$/,
  ],
  [
    'files that were changed',
    () => ({
      '.published.json': JSON.stringify({
        digest: `sha256:${'0'.repeat(64)}`,
        by: 'ada',
        at: '2026-11-21T10:00:00Z',
        from: 'host',
      }),
    }),
    /^its files were changed: digest sha256:\w+, but sha256:0+ was published/,
  ],
];
const bad = rows.map(([what, files, reason], index) => ({
  what,
  files,
  reason,
  version: `1.0.${index + 1}`,
}));

const storedFiles = (): Files => {
  const packages = [{ version: '1.0.0', files: (): Files => ({}) }, ...bad];
  const entries = packages.flatMap(({ version, files }) =>
    Object.entries({ 'model.onnx': model, 'sluice.yaml': manifest(version), ...files(version) }).map(
      ([path, content]) => [`m/${version}/${path}`, content] as const,
    ),
  );
  // What is to be loaded only when somebody asks for it, nobody would try.
  const preload = bad.map(({ version }) => version);
  const revision = { revision: 1, when: '2026-11-21T09:00:00.000Z', models: { m: { preload } } };
  return { ...Object.fromEntries(entries), '_revisions/000001.yaml': JSON.stringify(revision) };
};

for (const kind of bothStores)
  suite(`bad packages beside a good one in ${kind.name}`, { skip: kind.skip }, () => {
    const stack = new AsyncDisposableStack();
    let sluice: RunningSluice;
    let clients: Clients;
    before(async () => {
      const { url, env } = stack.use(await kind.open(storedFiles()));
      sluice = stack.use(await startSluice({ store: url, env, runtimeEnv: env }));
      clients = stack.use(connect(sluice.gateway.grpc));
    });
    after(() => stack.disposeAsync());

    /** Why a version cannot be served, as a log says it. */
    const logged = (lines: readonly LogLine[], version: string): string =>
      String(lines.find((line) => line['version'] === version && 'reason' in line)?.['reason']);

    for (const { what, version, reason } of bad)
      test(`its reason is at the door and in both logs: ${what}`, async () => {
        const { release } = await unary<GetReleaseResponse__Output>((done) =>
          clients.model.GetRelease({ model: 'm', version }, done),
        );
        assert.equal(release?.state, 'RELEASE_STATE_UNAVAILABLE');
        assert.match(release?.reason ?? '', reason);
        assert.equal(logged(sluice.gateway.lines, version), release?.reason);
        assert.equal(logged(sluice.runtimes[0]?.lines ?? [], version), release?.reason);
      });

    test('the good one answers', async () => {
      const { prediction } = await unary<PredictResponse__Output>((done) =>
        clients.prediction.Predict(
          {
            model: 'm',
            version: '1.0.0',
            features: { fields: { age: { kind: 'numberValue', numberValue: 3 } } },
          },
          done,
        ),
      );
      assert.ok(prediction !== undefined && prediction !== null);
    });
  });
