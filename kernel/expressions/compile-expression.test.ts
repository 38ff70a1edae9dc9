import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compileExpression } from './compile-expression.ts';
import { compileMessage } from './compile-message.ts';
import { createLanguage } from './language.ts';

const language = createLanguage({
  variables: {
    age: { kind: 'number' },
    seen: { kind: 'number', nullable: true },
    vehicle: { kind: 'string' },
    isNew: { kind: 'boolean' },
    outputs: {
      kind: 'object',
      fields: {
        price: { kind: 'number' },
        interval: { kind: 'object', fields: { lower: { kind: 'number' }, upper: { kind: 'number' } } },
        best: { kind: 'list', maxItems: 3 },
      },
    },
  },
  constants: { known: ['a', 'b'], numbers: [1, 2], limit: 5 },
});
const values = {
  age: 5,
  seen: null,
  vehicle: 'b',
  isNew: true,
  outputs: { price: 1, interval: { lower: 1, upper: 7 }, best: [{ label: 'x', score: 0.5 }] },
};

const compile = (text: string) => compileExpression(text, language, ['boolean']);
const evaluate = (text: string, given: object = values): unknown => {
  const compiled = compile(text);
  assert.ok('value' in compiled, 'error' in compiled ? `${text}: ${compiled.error}` : '');
  return compiled.value.evaluate({ ...values, ...given });
};

suite('an expression that is true', () => {
  const good = [
    'age > 3',
    'age == 5',
    '5 == age',
    'age * 2 == 10',
    'age / 2 == 2.5',
    '1 / 2 == 0.5',
    'age % 2 == 1',
    '-age < 0',
    'age in [1, 5]',
    'age != null',
    'seen == null',
    'seen == null || seen > 3',
    '!(seen in numbers)',
    'vehicle in known',
    "!('c' in known)",
    'vehicle.startsWith("b") && isNew',
    'known.exists(x, x == vehicle)',
    'numbers.map(x, x * 2) == [2, 4]',
    'known[1] == vehicle',
    'size(vehicle) == 1 && size(known) * 2 == 4',
    'age == limit',
    'min(age, 3) + abs(-2) == 5',
    'outputs.interval.upper - outputs.interval.lower > 5',
    'outputs.best[0].label == "x" && outputs.best.all(it, it.score < 1)',
    'isNew ? age > 3 : age > 100',
    'string(age) + "!" == "5!"',
  ];
  for (const text of good) test(text, () => assert.equal(evaluate(text), true));
});

suite('an expression that is refused, with the place', () => {
  const bad: readonly [text: string, error: RegExp][] = [
    ['', /Unexpected token: EOF/],
    ['age >', /Unexpected token: EOF \(at character 6\)/],
    ['age = 3', /Unexpected character: = \(at character 5\)/],
    ['age', /^expected boolean, it gives number$/],
    ['null', /it gives null/],
    [
      'agee > 3',
      /^unknown name 'agee'; there are age, seen, vehicle, isNew, outputs, known, numbers, limit \(at character 1\)$/,
    ],
    ['outputs.prise > 3', /^unknown name 'prise'; there are price, interval, best/],
    ['outputs.interval.middle > 3', /^unknown name 'middle'; there are lower, upper/],
    ['outputs["prise"] > 3', /No such key: prise/],
    ['age > "x"', /no such overload: double > string/],
    ['age + vehicle == 3', /no such overload: double \+ string/],
    ['isNew && vehicle', /Logical operator requires bool operands/],
    ['seen + "x" == "x"', /no such overload: double \+ string/],
    ['vehicle.matches("(a+)+$")', /^no method 'matches'; there are size, startsWith/],
    ['vehicle.split("") == ["b"]', /^no method 'split'/],
    ['dyn(age) == "x"', /^no function 'dyn'; there are size/],
    ['type(age) == type(1)', /^no function 'type'/],
    ['has(outputs.price)', /^no function 'has'/],
    ['cel.bind(x, age, x > 3)', /^no method 'bind'/],
    ['google.protobuf == google.protobuf', /^unknown name 'google'/],
    ['{"a": 1} == {"a": 1}', /maxMapEntries/],
    [`${'('.repeat(100)}isNew${')'.repeat(100)}`, /maxDepth|depth/i],
    [`age${'+1'.repeat(300)} > 3`, /maxAstNodes|depth|nodes/i],
    [`isNew${' '.repeat(2_000)}`, /^2005 characters, expected at most 2000$/],
  ];
  for (const [text, error] of bad)
    test(text.slice(0, 40), () => {
      const compiled = compile(text);
      assert.ok('error' in compiled, 'it is good');
      assert.match(compiled.error, error);
    });
});

test('what is missing is no 0: it fails, unless it was tested for', () => {
  for (const text of ['seen < 3', 'seen > 3', 'seen + 1 > 0', 'abs(seen) > 1'])
    assert.throws(() => evaluate(text), /no such overload|no matching overload/, text);
  assert.equal(evaluate('seen != null && seen < 3'), false);
  assert.equal(evaluate('seen < 3', { seen: 2 }), true);
});

test('a value of another type than was said fails', () => {
  assert.throws(() => evaluate('age > 3', { age: 'x' }), /'age' is not of type/);
});

test('what an expression reads is known', () => {
  const compiled = compile('age > 3 || known.exists(x, x == vehicle)');
  assert.ok('value' in compiled);
  assert.deepEqual([...compiled.value.reads], ['age', 'vehicle']);
});

test('a loop costs its body once for each element, a look into a list of constants nothing more', () => {
  const stepsOf = (text: string): number => {
    const compiled = compile(text);
    return 'value' in compiled ? compiled.value.steps : Number.NaN;
  };
  assert.equal(stepsOf('vehicle in known'), 3);
  const one = stepsOf('known.exists(x, x == vehicle)');
  const two = stepsOf('known.exists(y, known.exists(x, x == vehicle))');
  assert.ok(two > 3 * one, `${one}, ${two}`);
  assert.ok(stepsOf('(known + known).exists(x, x == vehicle)') > 2 * one);
  assert.ok(stepsOf('outputs.best.exists(it, it.score > 1)') > stepsOf('outputs.price > 1'));
});

test('whatever is written, it is compiled or refused, and nothing is thrown', () => {
  const parts = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(parts, (text) => {
      for (const compiled of [
        compile(text),
        compile(`age > ${text}`),
        compileMessage(`a \${${text}} b`, language),
      ])
        assert.ok('value' in compiled || compiled.error.length > 0);
    }),
  );
});
