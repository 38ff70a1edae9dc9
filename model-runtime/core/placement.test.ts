import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Manifest, parseManifest } from '@sluice/kernel/release/manifest';
import { type Placement, placementOf } from './placement.ts';

const manifest = (more: object): Manifest =>
  parseManifest(JSON.stringify({ apiVersion: 'sluice/v1', model: 'm', version: '1', ...more }));

const rows: readonly (readonly [what: string, manifest: Manifest | undefined, placement: Placement])[] = [
  ['no manifest', undefined, { isolation: 'measured', instances: 1, maxComputeMs: 10_000 }],
  ['nothing said', manifest({}), { isolation: 'measured', instances: 1, maxComputeMs: 10_000 }],
  ['shared', manifest({ isolation: 'shared' }), { isolation: 'shared', instances: 1, maxComputeMs: 10_000 }],
  [
    'all said',
    manifest({ isolation: 'cell', instances: 3, maxComputeMs: 500 }),
    { isolation: 'cell', instances: 3, maxComputeMs: 500 },
  ],
];
for (const [what, given, placement] of rows) {
  test(`where a release is computed: ${what}`, () => {
    assert.deepEqual(placementOf(given, { maxComputeMs: 10_000 }), placement);
  });
}

for (const [field, value] of [
  ['isolation', 'process'],
  ['instances', 0],
  ['instances', 17],
  ['instances', 1.5],
  ['maxComputeMs', 0],
] as const) {
  test(`a manifest with ${field}: ${value} is refused`, () => {
    assert.throws(
      () => manifest({ [field]: value }),
      new RegExp(`^SluiceError: sluice.yaml:1: ${field}: expected `),
    );
  });
}
