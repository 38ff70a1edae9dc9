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

test('within ten seconds there are never more retries than the share of the requests and the reserve', () => {
  const [share, perSecond] = [0.1, 1];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { budget, pass, requests } = start(share, perSecond);
      const events: { readonly at: number; readonly requests: number; readonly retries: number }[] = [];
      let at = 0;
      const check = (): void => {
        const recent = events.filter((event) => event.at > at - 9_000);
        const earlier = events.filter((event) => event.at > at - 11_000);
        const sum = (list: typeof events, key: 'requests' | 'retries') =>
          list.reduce((total, event) => total + event[key], 0);
        // Buckets of a second: what a retry is paid with is ten seconds old at most, and counted for nine at least.
        assert.ok(sum(recent, 'retries') <= share * sum(earlier, 'requests') + perSecond * 10 + 1e-6);
      };
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
          check();
        }
      }
    }),
  );
});
