import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import zlib from 'node:zlib';
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from 'hyparquet-writer';
import type { InputRow } from './input.ts';
import { openInput } from './open-input.ts';

const fileOf = async (t: TestContext, name: string, content: string | Uint8Array): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-input-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

const rowsOf = async (path: string, skip = 0): Promise<InputRow[]> => {
  const input = await openInput(path);
  const batches = await Array.fromAsync(input.rows(skip, input.columns));
  assert.equal(input.part(), 1);
  return batches.flat();
};

const csv = '\uFEFFid,name\r\n007,"a, ""b"""\n\n8\n9,"two\nlines"\n';

test('CSV has names in its first line, and rows with the lines where they begin', async (t) => {
  const path = await fileOf(t, 'in.csv', csv);
  assert.deepEqual((await openInput(path)).columns, [
    { name: 'id', key: 0, kind: 'text' },
    { name: 'name', key: 1, kind: 'text' },
  ]);
  assert.deepEqual(await rowsOf(path), [
    { fields: ['007', 'a, "b"'] },
    { fields: undefined, error: 'line 4: 1 fields, where the first line has 2 names' },
    { fields: ['9', 'two\nlines'] },
  ]);
  assert.deepEqual(await rowsOf(path, 2), [{ fields: ['9', 'two\nlines'] }]);
});

const jsonl = '{"a":1}\r\n\n{"a":\n[1]\n{"a":2,"b":null}';

test('JSON lines are rows by themselves, broken ones too', async (t) => {
  const path = await fileOf(t, 'in.jsonl', jsonl);
  const rows = await rowsOf(path);
  assert.deepEqual(
    (await openInput(path)).columns.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual(
    rows.map(({ fields }) => fields),
    [{ a: 1 }, undefined, undefined, { a: 2, b: null }],
  );
  assert.match(rows[1]?.error ?? '', /JSON/);
  assert.equal(rows[2]?.error, 'line 4: expected a JSON object');
  assert.deepEqual(await rowsOf(path, 3), [{ fields: { a: 2, b: null } }]);
});

const parquet = (codec: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP' | 'ZSTD', rowGroupSize: number): Uint8Array => {
  const pack = { GZIP: zlib.gzipSync, ZSTD: zlib.zstdCompressSync };
  const at = (row: number) => new Date(Date.UTC(2026, 0, 1 + row));
  const rows = Array.from({ length: 7 }, (_, row) => row);
  return new Uint8Array(
    parquetWriteBuffer({
      codec,
      compressors: { GZIP: (bytes) => pack.GZIP(bytes), ZSTD: (bytes) => pack.ZSTD(bytes) },
      rowGroupSize,
      columnData: [
        { name: 'id', data: rows.map(BigInt), type: 'INT64' },
        { name: 'name', data: rows.map((row) => (row === 3 ? null : `n${row}`)), type: 'STRING' },
        { name: 'p', data: rows.map((row) => (row === 2 ? Number.NaN : row / 2)), type: 'DOUBLE' },
        { name: 'sure', data: rows.map((row) => row % 2 === 0), type: 'BOOLEAN' },
        { name: 'at', data: rows.map(at), type: 'TIMESTAMP' },
      ],
    }),
  );
};

for (const codec of ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD'] as const)
  test(`Parquet (${codec}) has typed columns; null and NaN are no values`, async (t) => {
    const path = await fileOf(t, 'in.parquet', parquet(codec, 3));
    const { columns } = await openInput(path);
    assert.deepEqual(
      columns.map(({ name, kind }) => [name, kind]),
      [
        ['id', 'integer'],
        ['name', 'text'],
        ['p', 'number'],
        ['sure', 'boolean'],
        ['at', 'time'],
      ],
    );
    const rows = await rowsOf(path);
    assert.equal(rows.length, 7);
    const values = ({ fields = {} }: InputRow) => columns.map(({ key }) => fields[key]);
    assert.deepEqual(values(rows[2] as InputRow), [2n, 'n2', undefined, true, '2026-01-03T00:00:00.000Z']);
    assert.deepEqual(values(rows[3] as InputRow), [3n, undefined, 1.5, false, '2026-01-04T00:00:00.000Z']);
    for (const skip of [1, 3, 4, 7])
      assert.deepEqual(await rowsOf(path, skip), rows.slice(skip), `behind ${skip} rows`);
  });

test('a list in Parquet is a list', async (t) => {
  const writer = new ByteWriter();
  const schema = [
    { name: 'root', num_children: 1 },
    { name: 'pixels', num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  ] as const;
  const parquetWriter = new ParquetWriter({ writer, schema: [...schema] });
  await parquetWriter.write({
    columnData: [
      {
        name: 'pixels',
        data: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
  });
  await parquetWriter.finish();
  const path = await fileOf(t, 'in.parquet', writer.getBytes());
  const { columns } = await openInput(path);
  assert.deepEqual(columns, [{ name: 'pixels', key: 0, kind: 'json' }]);
  assert.deepEqual(
    (await rowsOf(path)).map(({ fields = {} }) => fields[0]),
    [
      [1, 2],
      [3, 4],
    ],
  );
});

const faults: [name: string, content: string, message: RegExp][] = [
  ['in.txt', 'a', /INPUT: expected a file that ends with \.parquet, \.csv or \.jsonl/],
  ['in.csv', '', /in\.csv is empty/],
  ['in.csv', 'a,b,a\n', /two columns have the name 'a'/],
  ['in.csv', 'a\n"b', /in\.csv: line 2: a quote is never closed/],
  ['in.jsonl', '\n\n', /in\.jsonl has no columns/],
  ['in.parquet', 'PAR1 and nothing else PAR1', /in\.parquet is no Parquet file that can be read/],
];
for (const [name, content, message] of faults)
  test(`${JSON.stringify(content)} as ${name} is refused`, async (t) => {
    const path = await fileOf(t, name, content);
    await assert.rejects(rowsOf(path), { code: 'USAGE', message });
  });

test('a file that is not there, and a folder, are refused', async (t) => {
  const path = await fileOf(t, 'in.csv', 'a');
  await assert.rejects(openInput(`${path}.csv`), { code: 'UNREADABLE_FILE', message: /ENOENT/ });
});
