import { type ChannelOptions, credentials, makeClientConstructor } from '@grpc/grpc-js';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type {
  RuntimeServiceClient,
  RuntimeServiceDefinition,
} from '@sluice/protos/gen/sluice/runtime/v1/RuntimeService';
import type { Tensor } from '@sluice/protos/gen/sluice/runtime/v1/Tensor';
import type { Packages } from '@sluice/protos/load';
import { largePart, partsReader, partsWriter } from '../link/frame-codec.ts';
import { readInferAnswer, writeInferAnswer } from '../link/infer-answers.ts';
import { readInferEntry, writeInferEntry } from '../link/infer-entries.ts';
import { bytesOfTensors } from '../link/tensors.ts';

/** Fields of the frames (protos/sluice/runtime/v1/runtime_service.proto). */
const [entriesField, answersField] = [1, 1];

const areLarge = (tensors: readonly Tensor[] = []): boolean => bytesOfTensors(tensors) > largePart;

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
        return entries.some(({ inputs }) => areLarge(inputs))
          ? Exchange.requestSerialize(frame)
          : writeEntries(entries, Exchange.requestSerialize(rest));
      },
      requestDeserialize: (frame): ExchangeRequest__Output => {
        const { parts, rest } = readEntries(frame);
        return { ...Exchange.requestDeserialize(rest), entries: parts };
      },
      responseSerialize: (frame) => {
        const { answers = [], ...rest } = frame;
        return answers.some(({ success }) => areLarge(success?.outputs))
          ? Exchange.responseSerialize(frame)
          : writeAnswers(answers, Exchange.responseSerialize(rest));
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
