import { after, before, describe } from 'node:test';
import { type RecordsKind, whyNoRecords } from '../../support/records.ts';
import { badInputCases } from './cases/bad-input.ts';
import { doorCases } from './cases/doors.ts';
import { feedbackCases } from './cases/feedback.ts';
import { listCases } from './cases/lists.ts';
import { storyCases } from './cases/story.ts';
import { openWorld, type RecordsWorld } from './world.ts';

/** What records promise, on one pair of event log and database, which all cases share: its start costs seconds. */
export const recordsCases = (kind: RecordsKind): void => {
  describe(`records, ${kind}`, { skip: whyNoRecords(kind) }, () => {
    const stack = new AsyncDisposableStack();
    let world: RecordsWorld;
    before(async () => {
      world = stack.use(await openWorld(kind));
    });
    after(() => stack.disposeAsync());
    for (const [what, cases] of [
      ['the story', storyCases],
      ['doors', doorCases],
      ['lists', listCases],
      ['feedback', feedbackCases],
      ['bad input', badInputCases],
    ] as const)
      describe(what, () => cases(() => world));
  });
};
