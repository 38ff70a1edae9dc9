import assert from 'node:assert/strict';
import { type Clients, connect } from '../../support/clients.ts';
import { type Environment, type RunningSluice, startSluice } from '../../support/sluice.ts';
import type { TemporaryStore } from '../../support/store.ts';
import { loan, pair } from './requests.ts';
import { restDoor } from './rest-door.ts';
import { type DoorName, doorNames, type SendRequest } from './row.ts';
import { badInputStore } from './store.ts';
import { streamDoor } from './stream-door.ts';
import { unaryDoor } from './unary-door.ts';

/** A gateway and a runtime over a store of their own, and the ways in. */
export interface Fixture extends AsyncDisposable {
  readonly sluice: RunningSluice;
  readonly store: TemporaryStore;
  readonly clients: Clients;
  readonly doors: Readonly<Record<DoorName, SendRequest>>;
}

export const startFixture = async (
  environments: { readonly env?: Environment; readonly runtimeEnv?: Environment } = {},
): Promise<Fixture> => {
  await using failed = new AsyncDisposableStack();
  const store = failed.use(await badInputStore());
  const sluice = failed.use(await startSluice({ store: store.url, ...environments }));
  const clients = failed.use(connect(sluice.gateway.grpc));
  const doors = {
    unary: unaryDoor(clients),
    stream: streamDoor(clients),
    rest: restDoor(sluice.gateway.http),
  };
  const stack = failed.move();
  return { sluice, store, clients, doors, [Symbol.asyncDispose]: () => stack.disposeAsync() };
};

const isOver = async (exited: Promise<number | string>): Promise<boolean> =>
  (await Promise.race([exited, Promise.resolve(undefined)])) !== undefined;

/** Every process runs, and every door answers a good request of either kind. */
export const expectAlive = async ({ sluice, doors }: Fixture): Promise<void> => {
  for (const { exited } of [sluice.gateway, ...sluice.runtimes]) assert.equal(await isOver(exited), false);
  for (const door of doorNames) {
    assert.deepEqual(await doors[door](pair()), { answered: ['y0', 'y1'] }, door);
    assert.deepEqual(await doors[door](loan()), { answered: ['score'] }, door);
  }
};
