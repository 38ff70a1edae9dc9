import type { Ask } from '../rest/ask.ts';
import type { Scored } from './streams.ts';

/** Features for house-price 1.0.0; another number, another house. */
export const house = (number: number) => ({
  lot_size: 3_000 + number * 10,
  bedrooms: 1 + (number % 4),
  bathrooms: 1,
  stories: 2,
  garage_places: number % 3,
});

/** What POST :predict says to these features. */
export const predicted = async (
  ask: Ask,
  model: string,
  features: object,
): Promise<Pick<Scored, 'prediction' | 'refusal' | 'release'>> => {
  const { status, json, text } = await ask('POST', `/v1/models/${model}:predict`, { features });
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return json as Scored;
};
