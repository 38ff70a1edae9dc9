import type {
  Tensor__Output as DecodedTensor,
  Tensor as WireTensor,
} from '@sluice/protos/gen/sluice/runtime/v1/Tensor';
import { isDatatype } from '../tensor/datatypes.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Tensors as the link carries them. The bytes are passed on, not copied. */
export const toLink = ({ name, datatype, shape, data }: Tensor): WireTensor => ({
  name,
  datatype,
  shape: [...shape],
  data,
});

/** @throws Error for a datatype that is not known, which only a peer of another version can send. */
export const fromLink = ({ name, datatype, shape, data }: DecodedTensor): Tensor => {
  if (!isDatatype(datatype)) throw new Error(`the link brought unknown datatype ${datatype} for ${name}`);
  return { name, datatype, shape, data };
};

/** About how many bytes tensors take in a frame. */
export const bytesOfTensors = (tensors: readonly Pick<WireTensor, 'data'>[]): number =>
  tensors.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
