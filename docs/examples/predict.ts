import { credentials } from '@grpc/grpc-js';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import { loadProtos } from '@sluice/protos/load';

const { PredictionService } = loadProtos().sluice.v1;
const client = new PredictionService('127.0.0.1:8001', credentials.createInsecure());

const features = { lot_size: 5850, bedrooms: 3, bathrooms: 1, stories: 2, garage_places: 1 };
const request = { model: 'house-price', features: toStruct(features) };

client.Predict(request, { deadline: Date.now() + 1000 }, (error, answer) => {
  client.close();
  if (error) throw error;
  console.log(answer?.release?.name, answer?.release?.version);
  console.log(fromStruct(answer?.prediction?.outputs ?? null));
});
