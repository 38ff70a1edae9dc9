import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import type { FileMetaData } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column } from '../../export/column-set.ts';
import { csvLine } from '../../export/csv-line.ts';
import type { ExportFormat } from '../../export/export-predictions.ts';
import { parquetSchemaOf } from '../../export/parquet-schema.ts';

type RowGroup = FileMetaData['row_groups'][number];
type ColumnChunk = RowGroup['columns'][number];

/** `PAR1` in front; behind the row groups the metadata, its length and `PAR1` again. */
const magicBytes = 4;
const tailBytes = 8;

const movedBy =
  (bytes: bigint) =>
  (chunk: ColumnChunk): ColumnChunk => {
    const { meta_data: data } = chunk;
    if (data === undefined) return chunk;
    const { dictionary_page_offset: dictionary } = data;
    return {
      ...chunk,
      file_offset: chunk.file_offset + bytes,
      meta_data: {
        ...data,
        data_page_offset: data.data_page_offset + bytes,
        ...(dictionary !== undefined && { dictionary_page_offset: dictionary + bytes }),
      },
    };
  };

/** The row groups of all parts one behind the other, as they are, and metadata that tells their new places. */
const joinParquet = async (
  file: FileHandle,
  columns: readonly Column[],
  parts: readonly string[],
): Promise<void> => {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: parquetSchemaOf(columns), createdBy: 'sluice' });
  await file.appendFile(writer.getBytes());
  let end = magicBytes;
  for (const part of parts) {
    const bytes = await readFile(part);
    const {
      row_groups: groups,
      metadata_length: metadataBytes,
      num_rows: rows,
    } = parquetMetadata(new Uint8Array(bytes).buffer);
    const body = bytes.subarray(magicBytes, bytes.length - tailBytes - metadataBytes);
    const move = movedBy(BigInt(end - magicBytes));
    parquet.row_groups.push(...groups.map((group) => ({ ...group, columns: group.columns.map(move) })));
    parquet.num_rows += rows;
    await file.appendFile(body);
    end += body.length;
  }
  writer.index = 0;
  writer.offset = end;
  void parquet.finish();
  await file.appendFile(writer.getBytes());
};

const joinText = async (file: FileHandle, head: string, parts: readonly string[]): Promise<void> => {
  await file.appendFile(head);
  for (const part of parts)
    for await (const chunk of createReadStream(part)) await file.appendFile(chunk as Buffer);
};

/** Makes one file of the parts, one part in memory at a time; it is on the disk when it resolves. */
export const assemble = async (
  path: string,
  format: ExportFormat,
  columns: readonly Column[],
  parts: readonly string[],
): Promise<void> => {
  const file = await open(path, 'w');
  try {
    if (format === 'parquet') await joinParquet(file, columns, parts);
    else {
      const head = format === 'csv' ? `${csvLine(columns.map(({ name }) => name))}\n` : '';
      await joinText(file, head, parts);
    }
    await file.sync();
  } finally {
    await file.close();
  }
};
