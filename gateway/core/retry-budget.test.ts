import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RetryBudget } from './retry-budget.ts';

const start = (share: number, perSecond: number) => {
  let now = 123_456.7;
  const budget = new RetryBudget({ share, perSecond, now: () => now });
  return {
    budget,
    pass: (ms: number): void => {
      now += ms;
    },
    requests: (count: number): void => {
      for (let index = 0; index < count; index += 1) budget.deposit();
    },
    /** How many retries there are. */
    drain: (): number => {
      let count = 0;
      while (budget.withdraw()) count += 1;
      return count;
    },
  };
};

test('ten requests pay for one retry', () => {
  const { requests, drain } = start(0.1, 0);
  requests(9);
  assert.equal(drain(), 0);
  requests(1);
  assert.equal(drain(), 1);
  requests(1_000);
  assert.equal(drain(), 100);
});

test('rare traffic has the reserve, once in ten seconds', () => {
  const { pass, drain } = start(0.1, 2);
  assert.equal(drain(), 20);
  pass(9_000);
  assert.equal(drain(), 0);
  pass(2_000);
  assert.equal(drain(), 20);
});

test('what was not spent within ten seconds is gone', () => {
  const { requests, pass, drain } = start(0.1, 0);
  requests(100);
  pass(5_000);
  requests(50);
  pass(6_000);
  assert.equal(drain(), 5);
  requests(100);
  pass(60_000);
  assert.equal(drain(), 0);
});

test('a share of 0 without a reserve allows nothing', () => {
  const { requests, drain } = start(0, 0);
  requests(1_000);
  assert.equal(drain(), 0);
});

const step = fc.oneof(
  fc.record({ requests: fc.nat(200) }),
  fc.record({ retries: fc.nat(50) }),
  fc.record({ pass: fc.nat(4_000) }),
);

interface Event {
  readonly at: number;
  readonly requests: number;
  readonly retries: number;
}

const [share, perSecond] = [0.1, 1];

/** Buckets of a second: what a retry is paid with is ten seconds old at most, and counted for nine at least. */
const isBounded = (events: readonly Event[], at: number): boolean => {
  const sum = (key: 'requests' | 'retries', ageMs: number) =>
    events.filter((event) => event.at > at - ageMs).reduce((total, event) => total + event[key], 0);
  return sum('retries', 9_000) <= share * sum('requests', 11_000) + perSecond * 10 + 1e-6;
};

test('whenever one is granted, ten seconds have no more retries than the share of the requests and the reserve', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { budget, pass, requests } = start(share, perSecond);
      const events: Event[] = [];
      let at = 0;
      for (const each of steps) {
        if ('pass' in each) {
          pass(each.pass);
          at += each.pass;
        } else if ('requests' in each) {
          requests(each.requests);
          events.push({ at, requests: each.requests, retries: 0 });
        } else {
          let retries = 0;
          while (retries < each.retries && budget.withdraw()) retries += 1;
          events.push({ at, requests: 0, retries });
          // Later, what paid for them may age before them.
          assert.ok(retries === 0 || isBounded(events, at));
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
