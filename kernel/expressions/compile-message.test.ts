import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileMessage } from './compile-message.ts';
import { createLanguage } from './language.ts';

const language = createLanguage({
  variables: { vehicle: { kind: 'string' }, age: { kind: 'number', nullable: true } },
  constants: { known: ['a'] },
});
const compile = (text: string) => compileMessage(text, language);
const render = (text: string, vehicle = 'Trabant', age: number | null = 17): string => {
  const compiled = compile(text);
  assert.ok('value' in compiled, 'error' in compiled ? compiled.error : '');
  return compiled.value.render({ vehicle, age });
};

test('expressions are put in where they stand', () => {
  assert.equal(render(`No price for '\${vehicle}'`), "No price for 'Trabant'");
  assert.equal(render(`\${vehicle}, \${age + 1}, \${age > 3}`), 'Trabant, 18, true');
  assert.equal(render(`\${age}`, 'x', null), 'null');
  assert.equal(render('nothing { } $'), 'nothing { } $');
});

test('a brace within a text is no end', () => {
  assert.equal(render(`<\${"}" + '{'}>`), '<}{>');
});

test('what a caller wrote is not looked at again', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 50 }), (vehicle) => {
      assert.equal(render(`[\${vehicle}]`, vehicle), `[${vehicle}]`.toWellFormed());
    }),
  );
  assert.equal(render(`\${vehicle}`, `\${age}`), `\${age}`);
});

test('a long text is shortened', () => {
  assert.equal(render(`\${vehicle}`, 'x'.repeat(10_000)).length, 256);
  assert.equal(render(`\${vehicle}`.repeat(20), 'x'.repeat(10_000)).length, 1_024);
});

const bad: readonly [text: string, error: RegExp][] = [
  [`a \${vehicle`, /^the \$\{ at character 3 has no end$/],
  [`\${}`, /^\$\{\}: Unexpected token: EOF/],
  [`\${vehicel}`, /^\$\{vehicel\}: unknown name 'vehicel'; there are vehicle, age, known/],
  [`\${known}`, /expected string or number or boolean or null, it gives list/],
  [`\${a} and \${b}`, /unknown name 'a'.*; \$\{b\}: unknown name 'b'/],
];
for (const [text, error] of bad)
  test(`a message is refused: ${text}`, () => {
    const compiled = compile(text);
    assert.ok('error' in compiled);
    assert.match(compiled.error, error);
  });
