import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Answer__Output } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { Cell__Output } from '@sluice/protos/gen/sluice/runtime/v1/Cell';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type { HeldRelease__Output } from '@sluice/protos/gen/sluice/runtime/v1/HeldRelease';
import type { InferEntry } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import { packages } from './clients.ts';
import { waitFor } from './wait-for.ts';

/** One link to a runtime or a cell, as a gateway has it. */
export interface LinkClient extends Disposable {
  /** All announcements, the latest last. */
  readonly announcements: readonly Announcement__Output[];
  /** Why the link is over; undefined: it is not. */
  readonly over: string | undefined;
  /** What the peer announces of a release now. */
  held(model: string): HeldRelease__Output | undefined;
  /** The cells that it announces now, of one model. */
  cells(model: string): readonly Cell__Output[];
  /** Waits until a model is announced in a state. */
  until(model: string, state: string): Promise<HeldRelease__Output>;
  /** Sends an entry for a model; the answer, or an error with the reason why the link is over. */
  ask(model: string, entry: Omit<InferEntry, 'id' | 'release'>): Promise<Answer__Output>;
}

/** Opens the link to host:port; it ends its side of a draining peer as a gateway does. */
export const openLink = (address: string): LinkClient => {
  const client = new packages.sluice.runtime.v1.RuntimeService(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
  });
  const stream: ClientDuplexStream<ExchangeRequest, ExchangeResponse__Output> = client.Exchange();
  const announcements: Announcement__Output[] = [];
  const pending = new Map<number, PromiseWithResolvers<Answer__Output>>();
  let over: string | undefined;
  let lastId = 0;
  const letGo = (): void => {
    if (announcements.at(-1)?.draining === true && pending.size === 0) stream.end();
  };
  const end = (reason: string): void => {
    over ??= reason;
    for (const { reject } of pending.values()) reject(new Error(over));
    pending.clear();
  };
  stream.on('data', ({ answers, announcement }: ExchangeResponse__Output) => {
    if (announcement !== null) announcements.push(announcement);
    for (const answer of answers) {
      pending.get(answer.id)?.resolve(answer);
      pending.delete(answer.id);
    }
    letGo();
  });
  stream.on('error', (error) => end(error.message));
  stream.on('end', () => end('the peer ended the stream'));
  const held = (model: string) => announcements.at(-1)?.releases.find((release) => release.model === model);
  return {
    announcements,
    get over() {
      return over;
    },
    held,
    cells: (model) => announcements.at(-1)?.cells.filter((cell) => cell.model === model) ?? [],
    until: (model, state) =>
      waitFor(`${model} to be ${state}`, () => {
        const now = held(model);
        return now?.state === `HELD_STATE_${state}` && now;
      }),
    ask: (model, entry) => {
      const release = held(model);
      if (release === undefined) throw new Error(`${address} announces no ${model}`);
      lastId += 1;
      const answer = Promise.withResolvers<Answer__Output>();
      if (over !== undefined) answer.reject(new Error(over));
      else {
        pending.set(lastId, answer);
        stream.write({ entries: [{ id: lastId, release: release.handle, ...entry }] });
      }
      return answer.promise;
    },
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  };
};
