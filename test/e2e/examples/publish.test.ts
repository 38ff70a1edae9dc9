import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { listModels, listVersions } from '@sluice/kernel/release/list-releases';
import { publicationFile } from '@sluice/kernel/release/publication';
import { readRelease } from '@sluice/kernel/release/read-release';
import { newestRevision } from '@sluice/kernel/revision/revisions';
import { fileStore } from '@sluice/kernel/store/file-store';
import type { Store } from '@sluice/kernel/store/store';
import { freeOffset } from '../../fault/support/supervised.ts';
import { repository } from '../../support/process.ts';

const examples = fileStore(`file:${join(repository, 'models/store')}`);

const digestsOf = async (store: Store): Promise<Record<string, string>> => {
  const digests: Record<string, string> = {};
  for (const model of await listModels(store))
    for (const version of await listVersions(store, model))
      digests[`${model} ${version}`] = (await readRelease(store, model, version)).digest;
  return digests;
};

describe('models/train/publish.sh', () => {
  const stack = new AsyncDisposableStack();
  let packages: string;
  let target: string;

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-examples-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    [packages, target] = [join(folder, 'packages'), join(folder, 'store')];
    // As the training scripts write them.
    const filter = (path: string) => ![publicationFile, '_revisions'].includes(basename(path));
    await cp(join(repository, 'models/store'), packages, { recursive: true, filter });
  });
  after(() => stack.disposeAsync());

  const publish = async (): Promise<string> => {
    const env = { ...process.env, SLUICE_PORT_OFFSET: String(await freeOffset()) };
    const script = join(repository, 'models/train/publish.sh');
    return (await promisify(execFile)(script, [packages, target], { env, timeout: 300_000 })).stdout;
  };

  test('fills an empty store with the example releases, published, and churn has its champion', async () => {
    const printed = await publish();
    assert.equal(printed.match(/^published .* by Sluice developers$/gm)?.length, 6);
    const store = fileStore(`file:${target}`);
    assert.deepEqual(await digestsOf(store), await digestsOf(examples));
    const [made, ours] = await Promise.all([newestRevision(store), newestRevision(examples)]);
    assert.deepEqual([made.revision.revision, made.revision.models], [2, ours.revision.models]);
  });

  test('a second time there is nothing to do, and no further revision', async () => {
    await publish();
    const store = fileStore(`file:${target}`);
    assert.deepEqual(await digestsOf(store), await digestsOf(examples));
    assert.equal((await newestRevision(store)).revision.revision, 2);
  });
});
