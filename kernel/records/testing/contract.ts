import { describe } from 'node:test';
import { awayCases } from './contract/away.ts';
import { concurrencyCases } from './contract/concurrency.ts';
import { feedbackCases } from './contract/feedback.ts';
import { listCases } from './contract/lists.ts';
import { predictionCases } from './contract/predictions.ts';
import { retentionCases } from './contract/retention.ts';
import { schemaCases } from './contract/schema.ts';
import type { DatabaseKind } from './database-kind.ts';

/** What store and reader promise, on whichever database. A test file calls it once for its kind. */
export const recordsContract = (kind: DatabaseKind): void => {
  for (const [what, cases] of [
    ['predictions', predictionCases],
    ['feedback', feedbackCases],
    ['lists', listCases],
    ['retention', retentionCases],
    ['concurrency', concurrencyCases],
    ['the schema', schemaCases],
    ['a database that goes away', awayCases],
  ] as const)
    describe(`${what} in ${kind.name}`, { skip: kind.skip }, () => cases(kind));
};
