import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkManifest } from '../release/check-manifest.ts';
import { features, manifestOf, rule, signature } from './testing/manifest.ts';

const bad: readonly [name: string, more: object, message: RegExp][] = [
  [
    'an unknown feature',
    { rules: [{ ...rule, when: 'powr > 1' }] },
    /rules\.0\.when: unknown name 'powr'; there are power, age, ratio, vehicle, parameters/,
  ],
  [
    'an unknown output',
    { rules: [{ ...rule, when: 'outputs.prize > 1', on: 'output' }] },
    /rules\.0\.when: unknown name 'prize'; there are price, low/,
  ],
  [
    'an output before the model',
    { rules: [{ ...rule, when: 'outputs.price > 1' }] },
    /rules\.0\.when: unknown name 'outputs'/,
  ],
  [
    'no output after the model',
    { rules: [{ ...rule, on: 'output' }] },
    /rules\.0\.on: it is about no output; say on: input/,
  ],
  [
    'a rule on outputs without outputs',
    { outputs: {}, rules: [{ ...rule, on: 'output' }] },
    /rules: the manifest has no outputs/,
  ],
  [
    'an unknown parameter',
    { rules: [{ ...rule, when: 'parameters.most > 1' }] },
    /rules\.0\.when: unknown name 'most'; there are cut/,
  ],
  [
    'a type that does not fit',
    { rules: [{ ...rule, when: 'vehicle > 3' }] },
    /rules\.0\.when: no such overload: string > double/,
  ],
  [
    'no condition',
    { rules: [{ ...rule, when: 'power' }] },
    /rules\.0\.when: expected boolean, it gives number/,
  ],
  [
    'a message with an unknown name',
    { rules: [{ ...rule, message: `\${speed}` }] },
    /rules\.0\.message: \$\{speed\}: unknown name 'speed'/,
  ],
  [
    'a code in small letters',
    { rules: [{ ...rule, code: 'tooStrong' }] },
    /rules\.0\.code: expected capitals/,
  ],
  [
    "a code of Sluice's own",
    { rules: [{ ...rule, code: 'INTERNAL' }] },
    /rules\.0\.code: INTERNAL is one of Sluice's own codes/,
  ],
  ['one code for two rules', { rules: [rule, rule] }, /rules\.1\.code: TOO_STRONG is that of rules\.0/],
  ['an unknown side', { rules: [{ ...rule, on: 'both' }] }, /rules\.0\.on/],
  [
    'too many rules',
    { rules: Array.from({ length: 65 }, (_, index) => ({ ...rule, code: `R${index}` })) },
    /rules: .*64/,
  ],
  [
    'too many steps',
    {
      constants: { names: Array.from({ length: 200 }, (_, index) => `n${index}`) },
      rules: [{ ...rule, when: 'names.exists(a, names.exists(b, a + b == vehicle))' }],
    },
    /rules: they take up to \d+ steps for one row, expected at most 10000/,
  ],
  [
    'a constant named as a feature',
    { constants: { power: 3 }, rules: [rule] },
    /constants\.power: there is a feature of that name/,
  ],
  [
    'a constant that cannot be named',
    { constants: { 'my list': [1] } },
    /constants\.my list: expected a name/,
  ],
  ['an empty list of constants', { constants: { names: [] } }, /constants\.names/],
  [
    'two defaults of a cut-off',
    { parameters: { cut: 0.7 } },
    /parameters\.cut: 0\.7, but a cutoff says 0\.5/,
  ],
  [
    'a feature named parameters',
    {
      features: [
        { ...features[0], name: 'parameters' },
        ...features.slice(1, 2),
        { ...features[2], derived: '1.0' },
        features[3],
      ],
      rules: [{ ...rule, when: 'age > 3' }],
    },
    /features\.parameters: in a rule that name means something else/,
  ],
  [
    'derived of itself',
    { features: [...features.slice(0, 2), { ...features[2], derived: 'ratio + 1' }, features[3]] },
    /features: ratio are derived of each other, in a circle/,
  ],
  [
    'derived of an unknown feature',
    { features: [...features.slice(0, 2), { ...features[2], derived: 'speed' }, features[3]] },
    /features\.ratio\.derived: unknown name 'speed'; there are power, age, ratio, vehicle/,
  ],
  [
    'derived of a parameter',
    { features: [...features.slice(0, 2), { ...features[2], derived: 'parameters.cut' }, features[3]] },
    /unknown name 'parameters'/,
  ],
  [
    'derived of another type',
    { features: [...features.slice(0, 2), { ...features[2], derived: 'power > 3' }, features[3]] },
    /features\.ratio\.derived: expected number, it gives boolean/,
  ],
  [
    'derived and required',
    { features: [...features.slice(0, 2), { ...features[2], required: true }, features[3]] },
    /features\.ratio\.required: it is derived/,
  ],
];
for (const [name, more, message] of bad)
  test(`a manifest is refused: ${name}`, () => {
    assert.throws(() => checkManifest(manifestOf(more), signature), { message });
  });
