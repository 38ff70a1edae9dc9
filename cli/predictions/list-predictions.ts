import { call, type GatewayOptions } from '../gateway-client.ts';
import { predictionPage, type StoredPrediction, storedPrediction } from './stored-prediction.ts';

/** Which records: the fields of sluice.v1.ListPredictionsRequest; what is not given is not asked for. */
export interface PredictionFilter {
  readonly model?: string;
  readonly version?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly entityId?: string;
  readonly hasFeedback?: boolean;
  readonly synthetic?: boolean;
  readonly ascending?: boolean;
}

export interface Page {
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
}

export interface PredictionPage {
  /** As the gateway answered them. */
  readonly predictions: readonly unknown[];
  /** Empty: there are no more. */
  readonly nextPageToken: string;
}

/** `/v1/predictions?model=churn&pageSize=100` */
export const listPath = (filter: PredictionFilter, page: Page): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...page }))
    if (value !== undefined && value !== '') query.set(name, String(value));
  return `/v1/predictions?${query}`;
};

export const listPage = async (
  gateway: GatewayOptions,
  filter: PredictionFilter,
  page: Page,
): Promise<PredictionPage> => predictionPage.parse(await call(gateway, 'GET', listPath(filter, page)));

/** So many are in memory at once: records may be as large as a model's record.maxBytes. */
const walkPageSize = 250;

/** All records of a filter, or the first so many, a page in memory at a time. */
export async function* walkPredictions(
  gateway: GatewayOptions,
  filter: PredictionFilter,
  limit: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<StoredPrediction> {
  let left = limit;
  let pageToken: string | undefined;
  while (left > 0) {
    const page = { pageSize: Math.min(walkPageSize, left), pageToken };
    const { predictions, nextPageToken } = await listPage(gateway, filter, page);
    for (const each of predictions.slice(0, left)) yield storedPrediction.parse(each);
    left -= predictions.length;
    if (nextPageToken === '') return;
    pageToken = nextPageToken;
  }
}
