import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SluiceError } from '../errors/sluice-error.ts';
import { type Rules, rulesOf } from './rules-of.ts';
import { features, manifestOf, rule, signature } from './testing/manifest.ts';

const rules = (more: object): Rules =>
  rulesOf({
    model: 'm',
    version: '1.0.0',
    digest: '',
    batching: { maxSize: 8, preferredSizes: [], maxDelayMs: 0 },
    signature,
    manifest: manifestOf(more),
  });

const fails = (act: () => unknown, message: RegExp): void => {
  assert.throws(
    act,
    (error) => error instanceof SluiceError && error.code === 'RULE_FAILED' && message.test(error.message),
  );
};

test('the first rule that is true refuses, with its message', () => {
  const { judgeInput } = rules({
    rules: [rule, { when: 'power > 10', code: 'STRONG', message: `\${power} PS` }],
  });
  assert.deepEqual(judgeInput({ power: 200 }, {}), { code: 'TOO_STRONG', message: 'too strong' });
  assert.deepEqual(judgeInput({ power: 20 }, {}), { code: 'STRONG', message: '20 PS' });
  assert.equal(judgeInput({ power: 2 }, {}), undefined);
});

test('defaults stand in for what is missing, null for what has none', () => {
  const { judgeInput } = rules({
    rules: [{ when: "vehicle == 'none' && age == null", code: 'NOTHING', message: 'nothing' }],
  });
  assert.equal(judgeInput({ power: 1 }, {})?.code, 'NOTHING');
  assert.equal(judgeInput({ power: 1, age: null, vehicle: null }, {})?.code, 'NOTHING');
  assert.equal(judgeInput({ power: 1, age: 3 }, {}), undefined);
});

test('derived features are computed of others, and of each other in whatever order', () => {
  const { derive } = rules({
    features: [
      ...features.slice(0, 2),
      { name: 'ratio', type: 'number', derived: 'twice / age', tensor: 'x', column: 2 },
      { name: 'vehicle', type: 'category', derived: "twice > 10 ? 'big' : 'small'", tensor: 'k' },
      { name: 'twice', type: 'number', derived: 'power * 2', default: 7, tensor: 'x', column: 3 },
    ],
  });
  assert.deepEqual(derive({ power: 10, age: 4 }), { power: 10, age: 4, twice: 20, ratio: 5, vehicle: 'big' });
  assert.deepEqual(derive({ power: 1 }), { power: 1, twice: 2, ratio: null, vehicle: 'small' });
});

test('a derived feature that is infinite, or no category that there is, fails', () => {
  fails(() => rules({}).derive({ power: 1, age: 0 }), /features.ratio.derived failed: it gave Infinity/);
  const category = {
    name: 'vehicle',
    type: 'category',
    values: ['a'],
    derived: "power > 1 ? 'b' : 'a'",
    tensor: 'k',
  };
  const { derive } = rules({ features: [...features.slice(0, 3), category] });
  assert.equal(derive({ power: 1 })['vehicle'], 'a');
  fails(
    () => derive({ power: 2 }),
    /features.vehicle.derived failed: it gave 'b', which is not one of values/,
  );
});

test('rules on outputs see features, outputs and the parameters of the revision', () => {
  const { judgeOutput } = rules({
    parameters: { most: 5 },
    rules: [
      {
        when: 'outputs.price > parameters.most * power',
        code: 'DEAR',
        message: `\${outputs.price}`,
        on: 'output',
      },
      { when: "outputs.low == 'a' && parameters.cut > 0.7", code: 'LOW', message: 'low', on: 'output' },
    ],
  });
  assert.equal(judgeOutput({ power: 1 }, { price: 6, low: 'a' }, {})?.message, '6');
  assert.equal(judgeOutput({ power: 1 }, { price: 6, low: 'a' }, { most: 7 }), undefined);
  assert.equal(judgeOutput({ power: 1 }, { price: 1, low: 'a' }, { cut: 0.8 })?.code, 'LOW');
  fails(
    () => judgeOutput({ power: 1 }, { price: 1, low: 'a' }, { most: 'x' }),
    /parameters.most is a string/,
  );
  fails(() => judgeOutput({ power: 1 }, { price: 'NaN', low: 'a' }, {}), /^rule DEAR of m 1.0.0 failed/);
});

test('whatever features come, a rule judges, or fails as RULE_FAILED or INVALID_INPUT', () => {
  const { derive, judgeInput } = rules({
    rules: [
      { when: 'age > 3 || ratio > 2', code: 'A', message: `\${age} \${vehicle}` },
      { when: "vehicle.contains('x') || size(vehicle) > 5", code: 'B', message: `\${vehicle + vehicle}` },
    ],
  });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('power', 'age', 'vehicle', 'other'), fc.jsonValue()),
      (given) => {
        try {
          judgeInput(derive(given as never), {});
        } catch (error) {
          assert.ok(
            error instanceof SluiceError && ['RULE_FAILED', 'INVALID_INPUT'].includes(error.code),
            String(error),
          );
        }
      },
    ),
  );
});

test('a text that is longer than rules may look at is an invalid input', () => {
  const { judgeInput } = rules({ rules: [{ ...rule, when: "vehicle == 'x'" }] });
  assert.throws(() => judgeInput({ power: 1, vehicle: 'x'.repeat(65_537) }, {}), {
    message: 'features.vehicle: expected at most 65536 characters, got 65537',
  });
});
