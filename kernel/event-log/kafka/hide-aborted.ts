/** A record of a fetch, as kafkajs decodes it. */
export interface FetchedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  /** One that ends a transaction; kafkajs shows none of them, but reads on behind it. */
  isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

/** What a fetch brought of a partition. */
export interface FetchedPartition {
  /** Of this stretch; not given: none. */
  abortedTransactions?: readonly { readonly producerId: string; readonly firstOffset: string }[] | null;
  readonly messages: readonly FetchedRecord[];
}

/** The key of a control record: a version, and what it says of the transaction (KIP-98). */
const saysAborted = ({ key }: FetchedRecord): boolean => key?.readInt16BE(2) === 0;

const byFirst = (one: { readonly firstOffset: string }, other: { readonly firstOffset: string }): number =>
  Number(BigInt(one.firstOffset) - BigInt(other.firstOffset));

/**
 * Hides records of aborted transactions as the Java client does (CompletedFetch.consumeAbortedTransactionsUpTo). kafkajs
 * shows some of them: it takes in one transaction for each record, in the order in which they ended, and takes any
 * record whose key is four zeros for the end of one.
 */
export const hideAborted = (partition: FetchedPartition): void => {
  const { abortedTransactions, messages } = partition;
  if (!abortedTransactions || abortedTransactions.length === 0) return;
  const ahead = [...abortedTransactions].sort(byFirst);
  const aborted = new Set<string>();
  let next = 0;
  for (const message of messages) {
    const { producerId, inTransaction } = message.batchContext;
    for (; next < ahead.length; next += 1) {
      const { firstOffset, producerId: who } = ahead[next] ?? { firstOffset: '0', producerId: '' };
      if (BigInt(firstOffset) > BigInt(message.offset)) break;
      aborted.add(who);
    }
    if (!message.isControlRecord) message.isControlRecord = inTransaction && aborted.has(producerId);
    else if (saysAborted(message)) aborted.delete(producerId);
  }
  partition.abortedTransactions = [];
};
