import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import { longMs } from './topics.ts';
import type { StreamsWorld } from './world.ts';

/** As much of a stream's status as the tests look at; proto3 JSON leaves out what holds its default. */
export interface Status {
  readonly name: string;
  readonly state: string;
  readonly lastError?: string;
  readonly lagMessages?: number;
  /** Events a second. */
  readonly rate?: number;
  readonly partitions?: readonly {
    readonly partition?: number;
    readonly scorer: string;
    readonly committed: string;
    readonly scored?: number;
    readonly lagMessages?: number;
  }[];
}

/** GET /v1/streams/{name}; undefined: the gateway has no such stream, or not yet. */
export const statusOf = async (
  { ask }: Pick<StreamsWorld, 'ask'>,
  name: string,
): Promise<Status | undefined> => {
  const { status, json } = await ask('GET', `/v1/streams/${name}`);
  if (status === 404) return undefined;
  assert.equal(status, 200);
  return (json as { stream: Status }).stream;
};

/** Waits until the gateway says that a stream is in a state, for a reason where one is given. */
export const untilState = (
  world: Pick<StreamsWorld, 'ask'>,
  name: string,
  state: string,
  reason = /(?:)/,
): Promise<unknown> =>
  waitFor(
    `${name} to be ${state}`,
    async () => {
      const stream = await statusOf(world, name);
      return stream?.state === state && reason.test(stream.lastError ?? '');
    },
    longMs,
  );
