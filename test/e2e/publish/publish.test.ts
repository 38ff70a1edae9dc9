import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { GetReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/GetReleaseResponse';
import { askPredict } from '../../fault/support/ask.ts';
import { metricOf } from '../../fault/support/metrics.ts';
import { unary } from '../../support/clients.ts';
import { type PackageFolder, packageFolder, publish, sendMessages } from '../../support/publishing.ts';
import { bothStores } from '../../support/stores.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { echoFiles, messagesOf, type Publishable, startPublishable } from './fixture.ts';

for (const kind of bothStores)
  describe(`a release is published into ${kind.name}`, { skip: kind.skip }, () => {
    const stack = new AsyncDisposableStack();
    let sluice: Publishable;

    before(async () => {
      sluice = stack.use(await startPublishable({}, kind));
    });
    after(() => stack.disposeAsync());

    const folderOf = async (version: string, description = ''): Promise<PackageFolder> =>
      stack.use(await packageFolder('echo', version, echoFiles(version, description)));

    test('and answers when the publisher is told so', async () => {
      const local = await folderOf('1.0.0');
      const answer = await publish(sluice.gateway.grpc, local);
      assert.deepEqual(answer.release, { name: 'echo', version: '1.0.0', digest: local.announced.digest });
      assert.equal(answer.alreadyThere, false);
      assert.equal(answer.state, 'RELEASE_STATE_READY', answer.reason);
      assert.equal((await askPredict(sluice.clients)).code, 'OK');
      assert.equal(await metricOf(sluice.gateway.metrics, 'sluice_publications_total', 'code="OK"'), 1);
    });

    test('and it is kept who published it, when, and from where', async () => {
      const { release } = await unary<GetReleaseResponse__Output>((done) =>
        sluice.clients.model.GetRelease({ model: 'echo', version: '1.0.0' }, done),
      );
      const { by, at = '', from } = release?.published ?? {};
      assert.deepEqual([by, from], ['ada@lab', '127.0.0.1']);
      assert.ok(Math.abs(Date.now() - Date.parse(at)) < 60_000, at);
      const written = String(await sluice.store.read('echo/1.0.0/.published.json'));
      assert.deepEqual(JSON.parse(written), { digest: release?.release?.digest, by, at, from });
    });

    test('the same files once more change nothing', async () => {
      const answer = await publish(sluice.gateway.grpc, await folderOf('1.0.0'));
      assert.equal(answer.alreadyThere, true);
      assert.equal(answer.state, 'RELEASE_STATE_READY');
      assert.equal(answer.published?.by, 'ada@lab');
    });

    test('other files under the same version are refused, and both digests are told', async () => {
      const first = await folderOf('1.0.0');
      const other = await folderOf('1.0.0', 'another one');
      const refusal = await publish(sluice.gateway.grpc, other).catch((error: unknown) => error as Error);
      assert.equal('code' in refusal && refusal.code, 'ALREADY_EXISTS');
      for (const { announced } of [first, other])
        assert.ok('message' in refusal && refusal.message.includes(announced.digest));
      const files = await sluice.store.files('echo/1.0.0');
      assert.deepEqual(files.sort(), ['.published.json', 'model.onnx', 'sluice.yaml']);
    });

    test('another spelling of the same version is refused', async () => {
      const thrown = await sendMessages(sluice.clients, messagesOf('1.0.0+again')).catch((error) => error);
      const { code, message } = refusalOf(thrown);
      assert.equal(code, 'ALREADY_EXISTS');
      assert.match(message, /1\.0\.0\+again means the same/);
    });

    test('two publishers at once, other files: one wins, the other one is told', async () => {
      const both = [await folderOf('2.0.0', 'one'), await folderOf('2.0.0', 'other')];
      const ends = await Promise.allSettled(both.map((each) => publish(sluice.gateway.grpc, each)));
      assert.deepEqual(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const winner = both[ends.findIndex(({ status }) => status === 'fulfilled')];
      const manifest = String(await sluice.store.read('echo/2.0.0/sluice.yaml'));
      assert.equal(manifest, await readFile(`${winner?.folder}/sluice.yaml`, 'utf8'));
      const lost = ends.find((end) => end.status === 'rejected');
      assert.equal(lost?.reason.code, 'ALREADY_EXISTS');
    });

    test('two publishers at once, the same files: both are content', async () => {
      const both = [await folderOf('3.0.0'), await folderOf('3.0.0')];
      const answers = await Promise.all(both.map((each) => publish(sluice.gateway.grpc, each)));
      assert.deepEqual(answers.map(({ alreadyThere }) => alreadyThere).sort(), [false, true]);
    });

    test('the gateway is asked not to wait, and does not', async () => {
      const local = await folderOf('4.0.0');
      const { state } = await sendMessages(sluice.clients, messagesOf('4.0.0', { noWait: true }));
      assert.notEqual(state, 'RELEASE_STATE_UNSPECIFIED');
      assert.equal((await publish(sluice.gateway.grpc, local)).state, 'RELEASE_STATE_READY');
    });

    test('files in folders, empty files, and chunks that know nothing of files', async () => {
      const files = { 'a/b/notes.txt': 'notes', 'empty.txt': '', ...echoFiles('5.0.0'), 'zempty.txt': '' };
      const [announced, ...chunks] = messagesOf('5.0.0', {}, files);
      const bytes = Buffer.concat(chunks.map(({ chunk }) => Buffer.from(chunk as Buffer)));
      const cut = [bytes.subarray(0, 3), bytes.subarray(3, 200), Buffer.alloc(0), bytes.subarray(200)];
      const { state, reason } = await sendMessages(sluice.clients, [
        announced ?? {},
        ...cut.map((chunk) => ({ chunk })),
      ]);
      assert.equal(state, 'RELEASE_STATE_READY', reason);
      const stored = async (path: string) => String(await sluice.store.read(`echo/5.0.0/${path}`));
      assert.equal(await stored('a/b/notes.txt'), 'notes');
      assert.equal(await stored('zempty.txt'), '');
    });

    test('a release whose graph does not load is in the store, and the publisher is told why it does not answer', async () => {
      const files = {
        ...echoFiles('6.0.0'),
        'golden.jsonl': '{"name":"no","features":{"x0":[1]},"outputs":{"y0":[2]}}\n',
      };
      const answer = await sendMessages(sluice.clients, messagesOf('6.0.0', {}, files));
      assert.equal(answer.state, 'RELEASE_STATE_UNAVAILABLE');
      assert.match(answer.reason, /golden|no/);
    });

    test('nothing is left where packages are received', async () => {
      assert.deepEqual(await sluice.received(), []);
    });
  });
