import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import type { GoldenRow } from './mlserver.ts';

/** The golden rows as tensors. */
export const tensorsOf = (rows: readonly GoldenRow[]) => {
  const numbers = ['age', 'bmi', 'bp', 'triglycerides', 'glucose'];
  const inputs = [...numbers.map((name) => [name, 'FP64']), ['sex', 'BYTES']].map(
    ([name = '', datatype]) => ({
      name,
      datatype: String(datatype),
      shape: [rows.length, 1],
    }),
  );
  const rawInputContents = inputs.map(({ name, datatype }) => {
    const column = rows.map(({ features }) => features[name] ?? '');
    if (datatype === 'BYTES') return Buffer.from(bytesOfStrings(column.map(String)));
    return Buffer.from(Float64Array.from(column, Number).buffer);
  });
  return { inputs, rawInputContents };
};

/** The numbers of a raw FP64 tensor. */
export const doubles = (raw: Buffer | undefined): number[] => [
  ...new Float64Array(new Uint8Array(raw ?? []).buffer),
];
