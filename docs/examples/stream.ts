import { once } from 'node:events';
import { credentials } from '@grpc/grpc-js';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import { loadProtos } from '@sluice/protos/load';

const { PredictionService } = loadProtos().sluice.v1;
const client = new PredictionService('127.0.0.1:8001', credentials.createInsecure());
const stream = client.PredictStream({ deadline: Date.now() + 60_000 });

const send = async (): Promise<void> => {
  for (let months = 0; months <= 72; months += 12) {
    const features = {
      tenure: months,
      monthly_charges: 85.5,
      internet_service: 'Fiber optic',
      contract: months === 36 ? 'weekly' : 'Month-to-month',
    };
    const predict = { model: 'churn', requestId: `customer-${months}`, features: toStruct(features) };
    // Full: wait until the gateway has read on.
    if (!stream.write({ predict })) await once(stream, 'drain');
  }
  stream.end();
};

const lines: string[] = [];
const sent = send();
// A loop that is slow to take answers slows the gateway down.
for await (const { response, error } of stream) {
  if (error) lines.push(`${error.requestId}: ${error.code}: ${error.message}`);
  if (response)
    lines.push(`${response.requestId}: ${fromStruct(response.prediction?.outputs ?? null)['churn']}`);
}
await sent;
// Answers come in any order.
for (const line of lines.sort()) console.log(line);
client.close();
