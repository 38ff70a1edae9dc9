import type { Tensor, Tensor__Output } from '@sluice/protos/gen/sluice/runtime/v1/Tensor';
import type { ByteReader } from '../protobuf/byte-reader.ts';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import { bytesField, packedVarints, textField } from '../protobuf/fields.ts';

/** sluice.runtime.v1.Tensor, written and read by hand. */

export const writeTensor = (out: ByteWriter, { name, datatype, shape, data }: Tensor): void => {
  textField(out, 1, name);
  textField(out, 2, datatype);
  packedVarints(out, 3, shape);
  bytesField(out, 4, data);
};

const noBytes = Buffer.alloc(0);

/** @param likely has the same name and datatype, most likely */
export const readTensor = (from: ByteReader, likely: Tensor__Output | undefined): Tensor__Output => {
  const shape: number[] = [];
  let [name, datatype] = ['', ''];
  let data: Buffer = noBytes;
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) name = from.text(likely?.name);
    else if (field === 2) datatype = from.text(likely?.datatype);
    else if (field === 3) from.varints(shape);
    else if (field === 4) data = from.bytes();
    else from.skip();
  }
  return { name, datatype, shape, data };
};
