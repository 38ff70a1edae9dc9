import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchema } from './parse-schema.ts';

const parse = (file: unknown) =>
  parseSchema('schema.json', Buffer.from(typeof file === 'string' ? file : JSON.stringify(file)));
const nested = (depth: number): object =>
  Array.from({ length: depth }).reduce<object>((inner) => ({ allOf: [inner] }), {});
const value = (keywords: object) => ({ properties: { a: keywords } });

test('a schema as tools write it is good', () => {
  parse({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://models.example/churn.json',
    title: 'Churn',
    type: 'object',
    $defs: { Plan: { title: 'Plan', type: 'string', enum: ['a', 'b'] } },
    properties: {
      plan: { $ref: '#/$defs/Plan' },
      tenure: { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }], default: null, title: 'Tenure' },
    },
    required: ['plan'],
    additionalProperties: false,
  });
});

const wide = { allOf: Array.from({ length: 200 }, () => ({ minimum: 0 })) };
const bad: readonly [what: string, file: unknown, fault: RegExp][] = [
  ['no JSON', '{', /it is not JSON/],
  ['a list', [], /expected object/],
  ['true', true, /expected object/],
  ['more than 256 KiB', `{"title": "${'x'.repeat(256 * 1024)}"}`, /it has \d+ bytes; at most 262144 may be/],
  ['nested 100 deep', nested(100), /it is nested more than 32 deep/],
  ['nested 100,000 deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, /nested more than 32 deep/],
  ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, /\$schema/],
  ['an unknown keyword', value({ minimun: 1 }), /properties\.a: .*minimun/],
  ['a keyword that looks elsewhere', { $dynamicRef: '#x' }, /\$dynamicRef/],
  ['elements of lists', value({ items: {} }), /items/],
  ['other names than features', { patternProperties: {} }, /patternProperties/],
  ['a type that is none', value({ type: 'float' }), /properties\.a\.type/],
  ['a limit that is no number', value({ minimum: '0' }), /properties\.a\.minimum/],
  ['an empty enum', value({ enum: [] }), /properties\.a\.enum/],
  ['an enum of lists', value({ enum: [[1]] }), /properties\.a\.enum/],
  ['an unknown format', value({ format: 'regex' }), /properties\.a\.format/],
  [
    'a reference to another file',
    value({ $ref: 'https://evil.example/s.json' }),
    /references stay in the file/,
  ],
  ['a reference to the whole', value({ $ref: '#' }), /references stay in the file/],
  ['a reference that leads nowhere', value({ $ref: '#/$defs/b' }), /\$ref: there is no #\/\$defs\/b/],
  ['a reference in a definition', { $defs: { a: { $ref: '#/$defs/a' } } }, /\$defs\.a: .*\$ref/],
  [
    'references that make it a thousand times as large',
    {
      $defs: { wide },
      properties: Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`a${index}`, { $ref: '#/$defs/wide' }]),
      ),
    },
    /it has \d+ parts with those it refers to; at most 10000 may be/,
  ],
  [
    'a pattern that could take for ever',
    value({ pattern: '^(a+)+$' }),
    /properties\.a\.pattern: it could take too long/,
  ],
  [
    'such a pattern in a definition',
    { $defs: { a: { pattern: '^(a+)+$' } } },
    /\$defs\.a\.pattern: it could take too long/,
  ],
];

for (const [what, file, fault] of bad) {
  test(`a schema file is refused: ${what}`, () => {
    assert.throws(
      () => parse(file),
      ({ message }: Error) => message.startsWith('schema.json: ') && fault.test(message),
    );
  });
}
