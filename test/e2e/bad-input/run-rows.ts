import { after, before, suite, test } from 'node:test';
import { expectRefused } from './expect-refused.ts';
import { expectAlive, type Fixture, startFixture } from './fixture.ts';
import { type DoorName, doorNames, type Row } from './row.ts';

const through: Readonly<Record<DoorName, string>> = {
  unary: 'over gRPC',
  stream: 'over a gRPC stream',
  rest: 'over REST',
};

/** Sends every row through every door that can say it; after the table the processes live and answer. */
export const runRows = (title: string, rows: readonly Row[]): void => {
  suite(title, () => {
    let fixture: Fixture;
    before(async () => {
      fixture = await startFixture();
    });
    after(() => fixture[Symbol.asyncDispose]());
    for (const row of rows) {
      for (const door of doorNames) {
        if (row.not?.[door] !== undefined) continue;
        test(`${row.name}, ${through[door]}`, async () => {
          expectRefused(row, door, await fixture.doors[door](row.request));
        });
      }
    }
    test('after that the processes live and answer', () => expectAlive(fixture));
  });
};
