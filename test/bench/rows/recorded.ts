import { waitFor } from '../../support/wait-for.ts';
import { inferTrees } from '../load/infer-questions.ts';
import { readSamples } from '../load/metrics-text.ts';
import type { SystemName } from '../systems/systems.ts';
import type { Row } from './row.ts';
import { row64 } from './usual.ts';

/** A row that is not measured before its gateway has counted records of its answers. */
const withRecords = (row: Row, name: SystemName): Row => ({
  ...row,
  prepare: async (bench) => {
    const { metrics } = await bench.system(name);
    const recorded = async (): Promise<number> => {
      const text = await (await fetch(`${metrics}/metrics`)).text();
      const kept = readSamples(text, 'sluice_records_total').filter(
        ({ labels }) => labels['result'] === 'kept',
      );
      return kept.reduce((sum, { value }) => sum + value, 0);
    };
    const before = await recorded();
    await row.prepare(bench);
    await waitFor('answers to be recorded', async () => (await recorded()) > before);
  },
});

const unrecorded = { label: 'without records', rows: ['unary-64-unrecorded'] } as const;

/** The same gateway without records, with a record of every answer, and traced at 10 % besides. */
export const recordedRows = (): Row[] => {
  const shared = { section: 'records', question: inferTrees(1) } as const;
  return [
    row64({
      ...shared,
      name: 'unary-64-unrecorded',
      title: 'ModelInfer, 64 in flight, RECORDS=false',
      system: 'sluice-unrecorded',
    }),
    withRecords(
      row64({
        ...shared,
        name: 'unary-64-recorded',
        title: 'ModelInfer, 64 in flight, record: required, shipped to the embedded log',
        system: 'sluice-recorded',
        against: unrecorded,
      }),
      'sluice-recorded',
    ),
    withRecords(
      row64({
        ...shared,
        name: 'unary-64-recorded-traced',
        title: 'the same, traced at 10 %',
        system: 'sluice-recorded-traced-10',
        against: unrecorded,
      }),
      'sluice-recorded-traced-10',
    ),
  ];
};
