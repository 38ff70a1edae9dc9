import { type ChannelOptions, credentials, makeClientConstructor } from '@grpc/grpc-js';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type {
  RuntimeServiceClient,
  RuntimeServiceDefinition,
} from '@sluice/protos/gen/sluice/runtime/v1/RuntimeService';
import type { Tensor } from '@sluice/protos/gen/sluice/runtime/v1/Tensor';
import type { Packages } from '@sluice/protos/load';
import { partsReader, partsWriter } from '../link/frame-codec.ts';
import { readInferAnswer, writeInferAnswer } from '../link/infer-answers.ts';
import { readInferEntry, writeInferEntry } from '../link/infer-entries.ts';
import { bytesOfTensors } from '../link/tensors.ts';

/** Fields of the frames (protos/sluice/runtime/v1/runtime_service.proto). */
const [entriesField, answersField] = [1, 1];

const largeBytes = 64 * 1024;

/** protobufjs copies the bytes of a tensor once; by hand they are copied again for each message that they lie in. */
const areLarge = (lists: readonly (readonly Pick<Tensor, 'data'>[])[]): boolean =>
  lists.reduce((sum, tensors) => sum + bytesOfTensors(tensors), 0) > largeBytes;

/** The link's service; entries and answers are written and read by hand. */
export const runtimeExchange = ({ sluice }: Packages): RuntimeServiceDefinition => {
  const { Exchange } = sluice.runtime.v1.RuntimeService.service;
  const writeEntries = partsWriter(entriesField, writeInferEntry);
  const readEntries = partsReader(entriesField, readInferEntry);
  const writeAnswers = partsWriter(answersField, writeInferAnswer);
  const readAnswers = partsReader(answersField, readInferAnswer);
  return {
    Exchange: {
      ...Exchange,
      requestSerialize: (frame) => {
        const { entries = [], ...rest } = frame;
        if (areLarge(entries.map(({ inputs = [] }) => inputs))) return Exchange.requestSerialize(frame);
        return writeEntries(entries, Exchange.requestSerialize(rest));
      },
      requestDeserialize: (frame): ExchangeRequest__Output => {
        const { parts, rest } = readEntries(frame);
        return { ...Exchange.requestDeserialize(rest), entries: parts };
      },
      responseSerialize: (frame) => {
        const { answers = [], ...rest } = frame;
        if (areLarge(answers.map(({ success }) => success?.outputs ?? [])))
          return Exchange.responseSerialize(frame);
        return writeAnswers(answers, Exchange.responseSerialize(rest));
      },
      responseDeserialize: (frame): ExchangeResponse__Output => {
        const { parts, rest } = readAnswers(frame);
        return { ...Exchange.responseDeserialize(rest), answers: parts };
      },
    },
  };
};

/** Of one runtime, host:port. */
export const runtimeClient = (
  packages: Packages,
  address: string,
  options: ChannelOptions,
): RuntimeServiceClient => {
  const Client = makeClientConstructor(runtimeExchange(packages), 'sluice.runtime.v1.RuntimeService');
  // It is made of the definition, which says what methods it has.
  return new Client(address, credentials.createInsecure(), options) as unknown as RuntimeServiceClient;
};
