import type { Answer__Output } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import { slowModel } from '../fault/support/models.ts';
import { type LinkClient, openLink } from './link-client.ts';
import { type Environment, type RunningRuntime, startRuntime } from './sluice.ts';
import { type TemporaryStore, temporaryStore } from './store.ts';
import { waitFor } from './wait-for.ts';

/** A manifest that says these fields, as YAML. */
export const manifest = (model: string, fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ apiVersion: 'sluice/v1', model, version: '1', ...fields });

/** Files of the release `slow` 1 (slowModel): it computes as long as one likes. */
export const slowFiles = (fields: Readonly<Record<string, unknown>>) => ({
  'slow/1/model.onnx': slowModel(),
  'slow/1/sluice.yaml': manifest('slow', fields),
});

/** Asks `slow` for products of matrices with so many rows and columns. */
export const askSlow = (link: LinkClient, side: number): Promise<Answer__Output> =>
  link.ask('slow', {
    inputs: [
      {
        name: 'size',
        datatype: 'INT64',
        shape: [2],
        data: Buffer.from(BigInt64Array.of(BigInt(side), BigInt(side)).buffer),
      },
    ],
  });

/** Nothing, some hundred milliseconds, and minutes of computing. */
export const quick = 8;
export const aWhile = 512;
export const endless = 4096;

/** A runtime over a store of its own, with the link that a gateway would have. */
export interface Celled extends AsyncDisposable {
  readonly store: TemporaryStore;
  readonly runtime: RunningRuntime;
  readonly link: LinkClient;
  /** Opens the link to the cell of a model, or the n-th of them, when it serves. */
  cell(model: string, index?: number): Promise<LinkClient>;
  /** The process ids of the cells of a model that were ever there, in the order of their coming. */
  pids(model: string): number[];
}

export const startCelled = async (
  files: Readonly<Record<string, Uint8Array | string>>,
  env: Environment = {},
): Promise<Celled> => {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(await temporaryStore(files));
  const runtime = starting.use(await startRuntime(store.url, env));
  const link = starting.use(openLink(runtime.grpc));
  await waitFor('the announcement', () => link.announcements.length > 0);
  const stack = starting.move();
  return {
    store,
    runtime,
    link,
    cell: async (model, index = 0) => {
      const { port } = await waitFor(
        `a cell of ${model}`,
        () => link.cells(model).filter(({ ending }) => ending === '')[index],
      );
      const opened = stack.use(openLink(`127.0.0.1:${port}`));
      await waitFor('the announcement of the cell', () => opened.announcements.length > 0 || opened.over);
      return opened;
    },
    pids: (model) =>
      runtime.lines
        .filter(({ msg }) => msg === `a cell of ${model} 1 serves`)
        .map(({ cell }) => Number(cell)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};

/** Whether a process is there. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
