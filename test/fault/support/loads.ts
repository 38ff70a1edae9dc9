import assert from 'node:assert/strict';
import { askInfer, askPredict } from './ask.ts';
import { askRest } from './ask-rest.ts';
import type { Cluster } from './cluster.ts';
import { inFlight, type Load, startLoad } from './load.ts';
import { inferStreamSender, predictStreamSender, type StreamSender } from './stream-sender.ts';
import { within } from './within.ts';

/** Requests that all loads together keep under way. */
export const inFlightOfLoads = 5 * inFlight;

/** One load for each way of asking. */
export interface Loads extends Disposable {
  readonly byDoor: ReadonlyMap<string, Load>;
  readonly streams: readonly StreamSender[];
  /** Waits until each door has answered so many more requests. */
  more(answers: number): Promise<void>;
  stop(): Promise<void>;
  /** How many requests ended with each code, all doors together. */
  codes(): Record<string, number>;
  /** Every answer was asked for, and each request ended exactly once. */
  assertOnce(): void;
}

/** Starts unary calls and streams of both protocols, and REST, at once. */
export const startLoads = ({ clients, gateway }: Pick<Cluster, 'clients' | 'gateway'>): Loads => {
  const [predictStream, inferStream] = [predictStreamSender(clients), inferStreamSender(clients)];
  const streams = [predictStream, inferStream];
  const byDoor = new Map<string, Load>([
    ['Predict', startLoad((id) => askPredict(clients, id))],
    ['ModelInfer', startLoad((id) => askInfer(clients, id))],
    ['REST', startLoad((id) => askRest(gateway.http, id))],
    ['PredictStream', startLoad(predictStream.send)],
    ['ModelStreamInfer', startLoad(inferStream.send)],
  ]);
  const each = <T>(use: (load: Load) => T): T[] => [...byDoor.values()].map(use);
  return {
    byDoor,
    streams,
    more: async (answers) => void (await Promise.all(each((load) => load.more(answers)))),
    stop: async () =>
      void (await within('the last requests to end', Promise.all(each((load) => load.stop())))),
    codes: () => {
      const all = each(({ outcomes }) => [...outcomes.values()].flat()).flat();
      return Object.fromEntries(
        [...new Set(all.map(({ code }) => code))]
          .sort()
          .map((code) => [code, all.filter((outcome) => outcome.code === code).length]),
      );
    },
    assertOnce: () => {
      for (const [door, { outcomes }] of byDoor)
        for (const [id, own] of outcomes)
          assert.equal(own.length, 1, `${door}: request ${id} ended ${own.length} times`);
      assert.deepEqual(
        streams.flatMap(({ strays }) => strays),
        [],
        'answers that nobody asked for',
      );
    },
    [Symbol.dispose]: () => {
      for (const own of [...byDoor.values(), ...streams]) own[Symbol.dispose]();
    },
  };
};
