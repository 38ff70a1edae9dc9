import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { whyNoRecords } from '../support/records.ts';
import { waitFor } from '../support/wait-for.ts';
import { assertExactlyOnce } from './records/exactly-once.ts';
import { type PlantOptions, startPlant } from './records/plant.ts';
import { startRecordedLoad } from './records/recorded-load.ts';

const some = 200;
const mebibyte = 1024 ** 2;

const bestEffort = `revision: 1
when: 2026-11-22T08:00:00.000Z
models: { echo: { record: { mode: best-effort } } }
`;

/** A file system of four mebibytes; undefined: this user may not mount one. */
const tinyDisk = async (): Promise<(AsyncDisposable & { readonly folder: string }) | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-tiny-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      execFileSync('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Fills the spool while nothing is stored, then lets the consumers go on. */
const fillAndRecover = async (options: PlantOptions): Promise<void> => {
  await using plant = await startPlant('embedded', options);
  using load = startRecordedLoad([plant.gateway]);
  await load.more(some);
  await plant.consumers.kill();
  const refusals = () => load.failures.get(status.UNAVAILABLE) ?? 0;
  await waitFor('refusals', () => refusals() >= some, 120_000);
  assert.deepEqual([...load.failures.keys()], [status.UNAVAILABLE]);
  await plant.consumers.restart();
  await load.more(some);
  await load.stop();
  await assertExactlyOnce(plant, load.acknowledged);
};

test(
  'a full spool refuses what must be recorded, and takes it again once there is room',
  {
    skip: whyNoRecords('embedded'),
  },
  () => fillAndRecover({ env: { SPOOL_MAX_BYTES: String(mebibyte) } }),
);

test('a full disk refuses what must be recorded, and takes it again once there is room', {
  skip: whyNoRecords('embedded'),
}, async (t) => {
  await using disk = await tinyDisk();
  if (disk === undefined) return t.skip('mounting a tmpfs needs root');
  await fillAndRecover({ env: { SPOOL_FOLDER: disk.folder } });
});

test('with best effort a full spool costs records, and no answer', {
  skip: whyNoRecords('embedded'),
}, async () => {
  await using plant = await startPlant('embedded', {
    revision: bestEffort,
    env: { SPOOL_MAX_BYTES: String(mebibyte) },
  });
  await plant.consumers.kill();
  using load = startRecordedLoad([plant.gateway]);
  const metrics = async () => (await fetch(`${plant.gateway.running.metrics}/metrics`)).text();
  const dropped = /^sluice_records_total\{[^}]*result="dropped"[^}]*\} [1-9]/m;
  await waitFor('dropped records', async () => dropped.test(await metrics()), 120_000);
  await load.more(some);
  await load.stop();
  assert.deepEqual(load.failures, new Map());
});
