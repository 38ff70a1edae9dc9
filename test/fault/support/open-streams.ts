import type { Clients } from '../../support/clients.ts';
import { inferRequest, predictRequest } from './ask.ts';

/** What a test does with a stream of either protocol. */
export interface OpenStream {
  end(): unknown;
  cancel(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** Opens streams, half of them of each protocol, and writes so many items to each; nothing is read. */
export const openStreams = (
  { inference, prediction }: Clients,
  streams: number,
  items: number,
): OpenStream[] =>
  Array.from({ length: streams }, (_, index) => {
    const ids = Array.from({ length: items }, (__, item) => index * items + item);
    if (index % 2 === 0) {
      const stream = inference.ModelStreamInfer();
      for (const id of ids) stream.write(inferRequest(id));
      return stream;
    }
    const stream = prediction.PredictStream();
    for (const id of ids) stream.write({ predict: predictRequest(id) });
    return stream;
  });
