import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Features } from '../features/value.ts';
import { compileFilter, type Filter, type FilterValues } from './compile-filter.ts';

const compiled = (text: string): Filter => {
  const given = compileFilter(text);
  assert.ok('value' in given, 'error' in given ? `${text}: ${given.error}` : '');
  return given.value;
};
const event: Features = {
  n: 1,
  text: 'x',
  nothing: null,
  'odd-name': true,
  list: [{ p: 1, k: 'b' }, { p: 5 }],
  deep: { er: { flag: true } },
};
const values: FilterValues = {
  event,
  key: 'k',
  headers: { h: 'v', 'ce-type': 'paid' },
  topic: 'orders',
  timestamp_ms: 7,
};
const accepts = (text: string, given: Features = event): boolean =>
  compiled(text).accepts({ ...values, event: given });

suite('a filter that is true', () => {
  const good = [
    'event.n == 1',
    'event.n < 2 && event.text != "y"',
    'event.nothing == null',
    'event["odd-name"]',
    'event.deep.er.flag',
    '!has(event.missing) || event.missing > 3',
    'has(event.deep.er)',
    '"n" in event && !("m" in event)',
    'event.text in ["x", "y"]',
    'event.list[0].p == 1',
    'size(event.list) == 2',
    'event.list.exists(it, it.p > event.n)',
    'event.list.exists(it, has(it.k) && it.k == "b")',
    'event.list.filter(it, has(it.k)).size() == 1',
    'event.list.exists(a, event.list.exists(b, a.p < b.p))',
    'key == "k" && topic.startsWith("ord") && timestamp_ms >= 7',
    'headers.h == "v" && headers["ce-type"] == "paid"',
  ];
  for (const text of good) test(text, () => assert.equal(accepts(text), true));
});

suite('a filter that is refused', () => {
  const triple = 'event.a.exists(x, event.a.exists(y, event.a.exists(z, x == y && y == z)))';
  const bad: readonly [text: string, error: RegExp][] = [
    ['event.n >', /Unexpected token: EOF \(at character 10\)/],
    ['evnt.n == 1', /^unknown name 'evnt'; there are event, key, headers, topic, timestamp_ms/],
    ['1 + 1', /^expected boolean, it gives number$/],
    ['key > 3', /no such overload: string > double/],
    ['event.text.matches("(a+)+$")', /^no method 'matches'/],
    ['dyn(event.n) == 1', /^no function 'dyn'; .*has/],
    ['has(event)', /^has: expected a path such as event.a.b/],
    ['has(event["n"])', /^has: expected a path/],
    [triple, /^for an event of 100 values it would take more than 1000000 steps/],
  ];
  for (const [text, error] of bad)
    test(text.slice(0, 40), () => {
      const given = compileFilter(text);
      assert.ok('error' in given, 'it is good');
      assert.match(given.error, error);
    });
});

suite('a filter that fails on an event', () => {
  const failing: readonly [text: string, error: RegExp][] = [
    ['event.missing == 1', /^No such key: missing \(at character 7\)$/],
    ['has(event.missing.er)', /^No such key: missing/],
    ['event.nothing > 1', /no such overload/],
    ['event.text > 3', /no such overload/],
    ['event.list[7].p == 1', /out of bounds/],
    ['event.text', /^expected boolean, it gave string$/],
  ];
  for (const [text, error] of failing)
    test(text, () => assert.throws(() => accepts(text), { message: error }));
});

test('names that mean something to JavaScript are names like others', () => {
  const odd = JSON.parse('{"__proto__": {"n": 2}, "constructor": 3, "in": {"constructor": "c", "n": 4}}');
  assert.equal(accepts('event.constructor == 3 && event["in"].n == 4', odd), true);
  assert.equal(accepts('has(event.n) || has(event.toString)', odd), false);
});

test('the more often a filter goes through an event, the smaller are those that it takes', () => {
  const many = (count: number): Features => ({
    n: 1,
    list: Array.from({ length: count }, (_, at) => ({ p: at })),
  });
  const pairs = 'event.list.exists(a, event.list.exists(b, a.p > b.p + 100))';
  assert.equal(accepts('event.n == 1', many(600_000)), true);
  assert.equal(accepts('event.list.exists(a, a.p > 5)', many(20_000)), true);
  assert.equal(accepts('event.list.exists(a, a.p > 5 && a.p == event.n + 8)', many(10_000)), true);
  assert.equal(accepts(pairs, many(100)), false);
  assert.throws(() => accepts(pairs, many(2_000)), { message: /more than 300 values, too many/ });
  assert.throws(() => accepts(pairs, { list: [], text: 'x'.repeat(100_000) }), {
    message: /more than 300 values/,
  });
});

test('looking for one long text of an event in another one is bounded, too', () => {
  const both = (length: number) => ({
    text: 'a'.repeat(2 * length),
    part: `${'a'.repeat(length / 2)}b${'a'.repeat(length / 2)}`,
  });
  assert.equal(accepts('event.text.contains(event.part)', both(2_000)), false);
  assert.throws(() => accepts('event.text.contains(event.part)', both(100_000)), {
    message: /more than 300 values/,
  });
  assert.equal(accepts('event.text.contains("b")', both(100_000)), false);
});

test('what a filter reads is known', () => {
  assert.deepEqual([...compiled('event.n == 1 || topic == "a"').reads], ['event', 'topic']);
});

test('whatever comes, a filter says yes or no, or fails with a message', () => {
  const filter = compiled('event.a == event.b || event.list.exists(x, x.p == "a")');
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'list', 'constructor'), fc.jsonValue()), (given) => {
      try {
        assert.equal(typeof filter.accepts({ event: given as Features }), 'boolean');
      } catch (error) {
        assert.ok(error instanceof Error && error.message.length > 0);
      }
    }),
  );
});
