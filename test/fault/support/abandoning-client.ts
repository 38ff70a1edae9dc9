/**
 * A process to kill: abandoning-client.ts ADDRESS STREAMS ITEMS opens so many streams, half of them of
 * each protocol, writes so many items to each, and then waits for its end without reading an answer.
 */
import { connect } from '../../support/clients.ts';
import { inferRequest, predictRequest } from './ask.ts';

const [address = '', streams = '', items = ''] = process.argv.slice(2);
const { inference, prediction } = connect(address);
for (let index = 0; index < Number(streams); index += 1) {
  const id = (item: number): number => index * Number(items) + item;
  if (index % 2 === 0) {
    const stream = inference.ModelStreamInfer();
    for (let item = 0; item < Number(items); item += 1) stream.write(inferRequest(id(item)));
  } else {
    const stream = prediction.PredictStream();
    for (let item = 0; item < Number(items); item += 1) stream.write({ predict: predictRequest(id(item)) });
  }
}
setInterval(() => undefined, 60_000);
