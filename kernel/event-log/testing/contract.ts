import { describe } from 'node:test';
import { consumerCases } from './contract/consumers.ts';
import { messageCases } from './contract/messages.ts';
import { startCases } from './contract/starts.ts';
import { topicCases } from './contract/topics.ts';
import { transactionCases } from './contract/transactions.ts';
import type { LogKind } from './log-kind.ts';

/** What every event log promises: the sentences of event-log.ts as cases. A test file calls it once for its kind. */
export const eventLogContract = (kind: LogKind): void => {
  for (const [what, cases] of [
    ['topics', topicCases],
    ['messages', messageCases],
    ['consumers', consumerCases],
    ['starts', startCases],
    ['transactions', transactionCases],
  ] as const)
    describe(`${what} in ${kind.name}`, { skip: kind.skip }, () => cases(kind));
};
