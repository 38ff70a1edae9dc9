import { waitFor } from '../../support/wait-for.ts';
import type { Row } from './row.ts';

/** A row that is not measured before spans of its answers have come to the collector. */
export const withSpansArriving = (row: Row): Row => ({
  ...row,
  prepare: async (bench) => {
    const collector = await bench.collector();
    const received = async (): Promise<number> => {
      const { requests } = (await (await fetch(collector)).json()) as { readonly requests: number };
      return requests;
    };
    const before = await received();
    await row.prepare(bench);
    await waitFor('spans to come to the collector', async () => (await received()) > before);
  },
});
