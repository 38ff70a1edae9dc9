import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A Telco customer whom the model has not seen in training, and whether he left. */
export interface Customer {
  readonly features: Readonly<Record<string, unknown>>;
  readonly label: string;
}

/** The held-out customers that lie in the package of churn 2.0.0. */
export const readCustomers = async (repository: string): Promise<Customer[]> => {
  const file = join(repository, 'models/store/churn/2.0.0/evaluation.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Customer);
};

/** The number in the id of an event's customer says which one it is, so that the label is found again later. */
export const customerIdOf = (event: number): string => `customer-${event}`;
export const eventOf = (customerId: string): number => Number(customerId.slice('customer-'.length));
