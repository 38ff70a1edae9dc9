import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdderDoor, type AdderDoors, askAdder } from '../support/ask-adder.ts';
import { connect } from '../support/clients.ts';
import { startProcess } from '../support/process.ts';
import { type RunningGateway, startGateway, startRuntime } from '../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../support/store.ts';
import { addedBy, adder, adders } from '../support/versioned.ts';
import { waitFor } from '../support/wait-for.ts';
import { startLoad } from './support/load.ts';
import { type Outcome, ok, outcomeOf, wrongAnswer } from './support/outcome.ts';

const versions = ['1.0.0', '2.0.0'] as const;
/** There and back, by each of the two commands. */
const rounds = 4;
/** Answers of each load between two moves. */
const some = 100;

/** The command line, as a user's process. */
const sluice = async (store: TemporaryStore, ...args: string[]): Promise<void> => {
  await using running = startProcess('cli/main.ts', { STORE_URL: store.url }, args);
  assert.equal(await running.exited, 0, running.stderr.join('\n'));
};

/** The alias by its own command, or alias and default by a whole revision. */
const move = async (store: TemporaryStore, version: string, round: number): Promise<void> => {
  if (round % 4 < 2) return sluice(store, 'alias', 'set', adder, 'champion', version, '--why', 'a test');
  const settings = { default: 'champion', aliases: { champion: version } };
  await store.put('draft.yaml', JSON.stringify({ models: { [adder]: settings } }));
  await sluice(store, 'config', 'apply', '--file', `${store.folder}/draft.yaml`);
};

const revisionOf = async ({ http }: RunningGateway): Promise<number> =>
  ((await (await fetch(`${http}/health`)).json()) as { revision: number }).revision;

/** What all gateways have said that they serve. */
interface Place {
  /** One more whenever somebody begins to move it, and when all have followed. */
  changes: number;
  /** Undefined: on its way. */
  version: string | undefined;
}

/** Asks; the answer must be of one release alone, and of the one in place where nobody moved it meanwhile. */
const asking =
  (doors: AdderDoors, door: AdderDoor, selector: string, place: Place) => async (): Promise<Outcome> => {
    const before = { ...place };
    try {
      const { version, added } = await askAdder[door](doors, selector);
      if (!versions.some((each) => each === version) || added !== addedBy(version))
        return wrongAnswer('one release', `${version}, which adds ${added}`);
      const isCertain = before.version !== undefined && before.changes === place.changes;
      return isCertain && version !== before.version ? wrongAnswer(before.version, version) : ok;
    } catch (error) {
      return outcomeOf(error);
    }
  };

test('alias and default move back and forth under load: nobody is refused, and no answer is of both or of the old one', async () => {
  await using stack = new AsyncDisposableStack();
  const champion = { default: 'champion', aliases: { champion: versions[0] } };
  const first = { revision: 1, when: '2026-11-01T00:00:00Z', models: { [adder]: champion } };
  const store = stack.use(
    await temporaryStore({ ...adders(...versions), '_revisions/000001.yaml': JSON.stringify(first) }),
  );
  const runtime = stack.use(await startRuntime(store.url));
  // Only the looks for a revision are quick enough to see one.
  const env = { STORE_POLL_MS: '3600000' };
  const start = async () => stack.use(await startGateway([runtime.grpc], store.url, env));
  const gateways = [await start(), await start()];
  const doorsOf = gateways.map((gateway) => ({
    clients: stack.use(connect(gateway.grpc)),
    http: gateway.http,
  }));
  const place: Place = { changes: 0, version: versions[0] };
  const plan: readonly (readonly [gateway: number, door: AdderDoor, selector: string])[] = [
    [0, 'Predict', ''],
    [1, 'ModelInfer', 'champion'],
    [0, '/v1', 'champion'],
    [1, 'ModelStreamInfer', ''],
  ];
  const loads = plan.map(([gateway, door, selector]) =>
    stack.use(startLoad(asking(doorsOf[gateway] as AdderDoors, door, selector, place))),
  );
  const answered = () => Promise.all(loads.map((load) => load.more(some)));

  await answered();
  for (let round = 0; round < rounds; round += 1) {
    place.changes += 1;
    place.version = undefined;
    const version = versions[(round + 1) % 2] ?? '';
    await move(store, version, round);
    await waitFor('all gateways to follow', async () =>
      (await Promise.all(gateways.map(revisionOf))).every((revision) => revision === round + 2),
    );
    place.changes += 1;
    place.version = version;
    await answered();
  }
  await Promise.all(loads.map((load) => load.stop()));
  const failures = loads.flatMap(({ outcomes }) =>
    [...outcomes.values()].flat().filter(({ code }) => code !== 'OK'),
  );
  assert.deepEqual(failures, []);
});
