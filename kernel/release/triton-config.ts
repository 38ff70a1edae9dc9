import { readFileSync } from 'node:fs';
import { protoDirectory } from '@sluice/protos/loader-options';
import protobuf from 'protobufjs';
import textformat from 'protobufjs/ext/textformat.js';
import { messageOf } from '../errors/message-of.ts';
import { datatypeOfTriton } from '../tensor/datatypes.ts';
import type { TensorSpec } from '../tensor/tensor.ts';

/** What Sluice takes from Triton's config.pbtxt. */
export interface TritonConfig {
  readonly name: string;
  readonly maxBatchSize: number;
  /** Without the batch axis. */
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly preferredBatchSizes: readonly number[];
  readonly maxQueueDelayMs: number;
}

interface ConfigMessage {
  readonly name: string;
  readonly maxBatchSize: number;
  readonly input: readonly ConfigTensor[];
  readonly output: readonly ConfigTensor[];
  readonly dynamicBatching?: {
    readonly preferredBatchSize: readonly number[];
    readonly maxQueueDelayMicroseconds: number;
  };
}
interface ConfigTensor {
  readonly name: string;
  readonly dataType: string;
  readonly dims: readonly number[];
}

/** @throws Error when the text is no model configuration. */
export const parseTritonConfig = (text: string): TritonConfig => {
  const config = readText(text);
  return {
    name: config.name,
    maxBatchSize: config.maxBatchSize,
    inputs: config.input.map(specOf),
    outputs: config.output.map(specOf),
    preferredBatchSizes: config.dynamicBatching?.preferredBatchSize ?? [],
    maxQueueDelayMs: (config.dynamicBatching?.maxQueueDelayMicroseconds ?? 0) / 1000,
  };
};

const readText = (text: string): ConfigMessage => {
  try {
    const type = configType();
    const message = textformat.fromText(type, text);
    return type.toObject(message, {
      defaults: true,
      arrays: true,
      longs: Number,
      enums: String,
    }) as unknown as ConfigMessage;
  } catch (error) {
    throw new Error(`config.pbtxt: ${messageOf(error)}`);
  }
};

const configType = (): protobuf.Type => {
  const proto = readFileSync(`${protoDirectory}/inference/model_config.proto`, 'utf8');
  return protobuf.parse(proto).root.lookupType('inference.ModelConfig');
};

const specOf = (tensor: ConfigTensor): TensorSpec => {
  const datatype = datatypeOfTriton(tensor.dataType);
  if (datatype === undefined)
    throw new Error(`config.pbtxt: ${tensor.name} has data_type ${tensor.dataType}`);
  return { name: tensor.name, datatype, shape: tensor.dims };
};
