import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { toStruct } from '@sluice/kernel/features/struct';
import { loadProtos } from '@sluice/protos/load';

const { google, sluice } = loadProtos();
const client = new sluice.v1.PredictionService('127.0.0.1:8001', credentials.createInsecure());

const explain = (error: ServiceError): void => {
  console.log(status[error.code], error.details);
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return;
  for (const { type_url: type, value } of google.rpc.Status.deserialize(bytes).details) {
    if (!Buffer.isBuffer(value)) continue;
    if (type.endsWith('google.rpc.ErrorInfo')) console.log(google.rpc.ErrorInfo.deserialize(value).reason);
    if (type.endsWith('google.rpc.BadRequest'))
      console.log(google.rpc.BadRequest.deserialize(value).fieldViolations);
    if (type.endsWith('google.rpc.RetryInfo'))
      console.log(google.rpc.RetryInfo.deserialize(value).retryDelay);
  }
};

const features = toStruct({ tenure: 'five', contract: 'Month-to-month' });
client.Predict({ model: 'churn', features }, { deadline: Date.now() + 1000 }, (error) => {
  client.close();
  if (error) explain(error);
});
