import { credentials, type ServiceError } from '@grpc/grpc-js';
import { toStruct } from '@sluice/kernel/features/struct';
import type { GetPredictionResponse__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { loadProtos } from '@sluice/protos/load';

const { PredictionService } = loadProtos().sluice.v1;
const client = new PredictionService('127.0.0.1:8001', credentials.createInsecure());
const soon = (): { deadline: number } => ({ deadline: Date.now() + 5000 });

type Done<Answer> = (error: ServiceError | null, answer?: Answer) => void;
const answerOf = <Answer>(call: (done: Done<Answer>) => unknown): Promise<Answer | undefined> =>
  new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });

const features = toStruct({ tenure: 5, monthly_charges: 85.5, contract: 'Month-to-month' });
const question = { model: 'churn', entityId: 'customer-7', features };
const answer = await answerOf<PredictResponse__Output>((done) => client.Predict(question, soon(), done));
const predictionId = answer?.predictionId ?? '';

// Later, and anywhere: the id is all that is needed.
const found = await answerOf<GetPredictionResponse__Output>((done) =>
  client.GetPrediction({ predictionId }, soon(), done),
);
console.log(found?.record?.entityId, found?.record?.release?.version, found?.record?.code);

const feedback = { predictionId, label: { stringValue: 'yes' }, author: 'billing' };
await answerOf((done) => client.SendFeedback({ feedback }, soon(), done));
console.log('kept');
client.close();
