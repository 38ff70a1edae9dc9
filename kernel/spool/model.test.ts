import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventually } from '../event-log/testing/eventually.ts';
import { predictionsTopic } from '../records/topics.ts';
import { entry } from './testing/entries.ts';
import { patienceMs } from './testing/shipped.ts';
import { VirtualMachine } from './testing/virtual-machine.ts';

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append'),
      count: fc.integer({ min: 1, max: 30 }),
      fsync: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('store'), count: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lost') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unknown'), stored: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('full'), count: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash'), torn: fc.uint8Array({ maxLength: 100 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('neighbour'), count: fc.integer({ min: 1, max: 10 }) }),
  },
);

interface Step {
  readonly kind: string;
  readonly count?: number;
  readonly fsync?: boolean;
  readonly stored?: number;
  readonly torn?: Uint8Array;
}

const take = async (machine: VirtualMachine, { kind, count = 0, ...step }: Step): Promise<void> => {
  if (kind === 'append') await machine.append(count, step.fsync ?? false);
  else if (kind === 'store') machine.log.store(count);
  else if (kind === 'lost') machine.log.faults.push({ kind });
  else if (kind === 'unknown') machine.log.faults.push({ kind, stored: step.stored ?? 0 });
  else if (kind === 'crash') await machine.crash(step.torn ?? new Uint8Array());
  else if (kind === 'neighbour') await machine.neighbour(count);
  else {
    machine.isDiskFull = true;
    await machine.append(count, false);
    machine.isDiskFull = false;
  }
};

/** What was acknowledged is in the database, or can be found in the spool, once it has adopted its neighbours'. */
const assertNothingIsGone = async ({ acknowledged, log, spool }: VirtualMachine): Promise<void> => {
  for (const number of acknowledged) {
    const { id } = entry(number);
    await eventually(
      `entry ${number}`,
      async () => log.has(id) || (await spool.find(predictionsTopic, id)) !== undefined,
      patienceMs,
    );
  }
};

/** Within a spool entries of one key arrive in the order in which they were appended. */
const assertOrder = ({ log }: VirtualMachine): void => {
  const last = new Map<string, { sequence: number; id: string }>();
  for (const { spool, key, sequence, id } of log.database) {
    const before = last.get(`${spool} ${key}`);
    assert.ok(
      before === undefined || (before.sequence < sequence && before.id < id),
      `${before?.id} then ${id}`,
    );
    last.set(`${spool} ${key}`, { sequence, id });
  }
};

const settle = async (machine: VirtualMachine): Promise<void> => {
  machine.log.faults.length = 0;
  await eventually(
    'everything to be stored',
    async () => {
      machine.log.store(Number.POSITIVE_INFINITY);
      return machine.spool.depth().entries === 0 && (await machine.folders()).length === 1;
    },
    patienceMs,
  );
};

test('whatever happens, what was acknowledged is stored once and in order, and the spool gets empty', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      await using machine = new VirtualMachine();
      await machine.start();
      for (const each of steps) {
        await take(machine, each);
        await assertNothingIsGone(machine);
      }
      await settle(machine);
      assertOrder(machine);
      for (const number of machine.acknowledged)
        assert.ok(machine.log.has(entry(number).id), `entry ${number}`);
      for (const number of machine.refused)
        assert.ok(!machine.log.has(entry(number).id), `refused entry ${number}`);
    }),
    { numRuns: 30 },
  );
});
