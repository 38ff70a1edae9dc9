import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ModelStreamInferResponse__Output } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import type { PredictStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import type { Clients } from '../../support/clients.ts';
import { goodOne } from './requests.ts';
import type { DomainRequest, Outcome, SendRequest } from './row.ts';
import { wireInfer, wirePredict } from './wire.ts';

/** Writes all items, takes as many answers, and ends the stream, which must end well. */
export const throughStream = async <In, Out>(
  stream: ClientDuplexStream<In, Out>,
  items: readonly In[],
): Promise<Out[]> => {
  const answers: Out[] = [];
  const ended = once(stream, 'end');
  stream.on('data', (answer: Out) => {
    answers.push(answer);
    if (answers.length === items.length) stream.end();
  });
  for (const item of items) stream.write(item);
  await ended;
  return answers;
};

const splitMessage = (text: string): { readonly code: string; readonly message: string } => {
  const at = text.indexOf(': ');
  return { code: text.slice(0, at), message: text.slice(at + 2) };
};

const inferOutcome = (answer: ModelStreamInferResponse__Output | undefined): Outcome => {
  assert.ok(answer !== undefined);
  if (answer.errorMessage === '')
    return { answered: answer.inferResponse?.outputs.map(({ name }) => name) ?? [] };
  const told = splitMessage(answer.errorMessage);
  return { refused: { ...told, status: undefined, violations: undefined, retryAfterMs: undefined } };
};

const predictOutcome = (answer: PredictStreamResponse__Output | undefined): Outcome => {
  if (answer?.response) return { answered: Object.keys(answer.response.prediction?.outputs?.fields ?? {}) };
  assert.ok(answer?.error);
  const { code, message, violations, retryAfterMs } = answer.error;
  return { refused: { status: undefined, code, message, violations, retryAfterMs } };
};

const sendBoth = async (
  { inference, prediction }: Clients,
  one: DomainRequest,
  two: DomainRequest,
): Promise<[Outcome, Outcome]> => {
  if ('infer' in one && 'infer' in two) {
    const items = [wireInfer(one.infer, 'one'), wireInfer(two.infer, 'two')];
    const answers = await throughStream(inference.ModelStreamInfer(), items);
    assert.deepEqual(
      answers.map(({ inferResponse }) => inferResponse?.id),
      ['one', 'two'],
    );
    return [inferOutcome(answers[0]), inferOutcome(answers[1])];
  }
  assert.ok('predict' in one && 'predict' in two);
  const items = [{ predict: wirePredict(one.predict, 'one') }, { predict: wirePredict(two.predict, 'two') }];
  const answers = await throughStream(prediction.PredictStream(), items);
  const byId = (id: string) => answers.find(({ response, error }) => (response ?? error)?.requestId === id);
  return [predictOutcome(byId('one')), predictOutcome(byId('two'))];
};

/** ModelStreamInfer and PredictStream: the good item behind the request must be answered. */
export const streamDoor =
  (clients: Clients): SendRequest =>
  async (request) => {
    const [outcome, next] = await sendBoth(clients, request, goodOne(request));
    assert.ok('answered' in next, `the good item was refused: ${JSON.stringify(next)}`);
    return outcome;
  };
