import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import fc from 'fast-check';
import { compileMapping, compilePointer } from './pointer.ts';

/** Of RFC 6901, chapter 5, but for the pointer to the whole document. */
const document: Features = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
);
const found: readonly [pointer: string, value: FeatureValue | undefined][] = [
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
  ['/foo/2', undefined],
  ['/foo/-', undefined],
  ['/foo/00', undefined],
  ['/foo/length', undefined],
  ['/foo/0/0', undefined],
  ['/a~1b/x', undefined],
  ['/toString', undefined],
  ['/__proto__/toString', undefined],
];

suite('what a JSON Pointer finds', () => {
  for (const [pointer, value] of found)
    test(`${pointer}: ${JSON.stringify(value)}`, () =>
      assert.deepEqual(compilePointer(pointer)(document), value));
});

const name = fc.string({ unit: fc.constantFrom('a', '~', '/', '0', '1', '__proto__', 'é'), maxLength: 3 });
const { value: anyValue } = fc.letrec<{ value: FeatureValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 1.5, 'text'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}));

/** Every place of a value, as its steps, and what is there. */
const places = (value: FeatureValue, path: readonly string[] = []): [readonly string[], FeatureValue][] => [
  [path, value],
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([step, each]) => places(each, [...path, step]))
    : []),
];
const written = (path: readonly string[]): string =>
  path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

test('whatever the event, each place of it is found, and no other one', () => {
  fc.assert(
    fc.property(
      fc.dictionary(name, anyValue),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      (given, path) => {
        const event = JSON.parse(JSON.stringify(given)) as Features;
        const all = new Map(places(event).map(([at, value]) => [written(at), value]));
        for (const [pointer, value] of all)
          if (pointer !== '') assert.deepEqual(compilePointer(pointer)(event), value);
        assert.deepEqual(compilePointer(written(path))(event), all.get(written(path)));
      },
    ),
  );
});

test('a mapping leaves out what is not there, and takes null for a value', () => {
  const pick = compileMapping({ a: '/x/y', b: '/x/z', c: '/n', d: '/x/y/z' });
  assert.deepEqual(pick({ x: { y: 1 }, n: null }), { a: 1, c: null });
});

test('names that mean something to JavaScript are names like others', () => {
  const event: Features = JSON.parse('{"__proto__": {"age": 1}, "constructor": 2}');
  const picked = compileMapping(JSON.parse('{"__proto__": "/__proto__", "toString": "/constructor"}'))(event);
  assert.deepEqual(Object.entries(picked), [
    ['__proto__', { age: 1 }],
    ['toString', 2],
  ]);
  assert.equal(picked['age'], undefined);
});
