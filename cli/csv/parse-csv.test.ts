import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvLine } from '../export/csv-line.ts';
import { type CsvRecord, maxFieldCharacters, parseCsv } from './parse-csv.ts';

const parse = (...chunks: string[]): Promise<CsvRecord[]> =>
  Array.fromAsync(parseCsv(chunks)).then((batches) => batches.flat());

test('records have the lines where they begin', async () => {
  const text = '\uFEFFa,b\r\n1,"x ""y"", z"\n\n"two\nlines",\n,';
  assert.deepEqual(await parse(text), [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1', 'x "y", z'] },
    { line: 4, fields: ['two\nlines', ''] },
    { line: 6, fields: ['', ''] },
  ]);
});

test('a line without quotes is a record, and lone carriage returns are nothing', async () => {
  const text = 'a,b\r\n\r\n1,\r2\n"x",y\n,\n3';
  assert.deepEqual(await parse(text), [
    { line: 1, fields: ['a', 'b'] },
    { line: 3, fields: ['1', '2'] },
    { line: 4, fields: ['x', 'y'] },
    { line: 5, fields: ['', ''] },
    { line: 6, fields: ['3'] },
  ]);
});

test('what is written as CSV is read back, wherever chunks end', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'ä') }), {
          minLength: 2,
          maxLength: 3,
        }),
      ),
      fc.nat(),
      async (records, cut) => {
        const text = records.map((fields) => `${csvLine(fields)}\n`).join('');
        const at = cut % (text.length + 1);
        const parsed = await parse(text.slice(0, at), text.slice(at));
        assert.deepEqual(
          parsed.map(({ fields }) => fields),
          records,
        );
      },
    ),
  ));

const faults: [what: string, text: string, message: RegExp][] = [
  ['a quote that is never closed', 'a\n"b\nc', /^line 2: a quote is never closed$/],
  ['a quote inside of a field', 'a\nb"c', /^line 2: a quote inside of a field without quotes$/],
  ['text behind a quote', 'a\n"b"c', /^line 2: text behind a closing quote$/],
  ['a field without end', `"${'x'.repeat(maxFieldCharacters + 1)}`, /^line 1: a field has more than/],
  [
    'a field that is too long',
    `a\nb,${'x'.repeat(maxFieldCharacters + 1)}\n`,
    /^line 2: a field has more than/,
  ],
];
for (const [what, text, message] of faults)
  test(`${what} is told with its line`, () => assert.rejects(parse(text), { code: 'USAGE', message }));
