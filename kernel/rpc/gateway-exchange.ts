import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { GatewayServiceDefinition } from '@sluice/protos/gen/sluice/gateway/v1/GatewayService';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { Packages } from '@sluice/protos/load';
import { largePart, partsReader, partsWriter } from '../link/frame-codec.ts';
import { scoreAnswerReader } from '../link/read-score-answers.ts';
import { scoreEntryReader } from '../link/read-score-entries.ts';
import { scoreAnswerWriter } from '../link/write-score-answers.ts';
import { writeScoreEntry } from '../link/write-score-entries.ts';

/** Fields of the frames (protos/sluice/gateway/v1/gateway_service.proto). */
const [entriesField, answersField] = [3, 3];

const hasLargeRecord = ({ record }: ScoreAnswer): boolean => (record?.value?.length ?? 0) > largePart;

/** The service that scorers ask; entries and answers are written and read by hand. To be made for each end of its own. */
export const gatewayExchange = ({ sluice, google }: Packages): GatewayServiceDefinition => {
  const { GatewayService, ScoreFailure } = sluice.gateway.v1;
  const { Exchange } = GatewayService.service;
  const decoders = { struct: google.protobuf.Struct.deserialize, failure: ScoreFailure.deserialize };
  const readEntries = partsReader(entriesField, scoreEntryReader(decoders.struct));
  const writeEntries = partsWriter(entriesField, writeScoreEntry);
  const readAnswers = partsReader(answersField, scoreAnswerReader(decoders));
  const writeAnswers = partsWriter(answersField, scoreAnswerWriter(ScoreFailure.serialize));
  return {
    Exchange: {
      ...Exchange,
      requestSerialize: ({ entries = [], ...rest }) => writeEntries(entries, Exchange.requestSerialize(rest)),
      requestDeserialize: (frame): ExchangeRequest__Output => {
        const { parts, rest } = readEntries(frame);
        return { ...Exchange.requestDeserialize(rest), entries: parts };
      },
      responseSerialize: (frame) => {
        const { answers = [], ...rest } = frame;
        return answers.some(hasLargeRecord)
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
