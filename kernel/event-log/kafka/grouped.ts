import type { ProducedMessage } from './produce-request.ts';

type Grouped = Record<number, ProducedMessage[]>;
/** What kafkajs does with each message: asks for its partition, and copies all of that partition into a longer list. */
type Add = (grouped: Grouped, message: ProducedMessage) => Grouped;

/**
 * kafkajs groups the messages of a topic by `reduce`, with a copy of the list for each message, so that a group of a
 * thousand copies half a million of them. Here it gets lists that are grouped at once; asked for one message, it still
 * says whether the send was given up.
 */
export const grouped = (messages: readonly ProducedMessage[]): ProducedMessage[] => {
  const reduce = (add: Add, empty: Grouped): Grouped => {
    const [first] = messages;
    if (first !== undefined) add({}, first);
    for (const message of messages) {
      const own = empty[message.partition];
      if (own === undefined) empty[message.partition] = [message];
      else own.push(message);
    }
    return empty;
  };
  return Object.assign([...messages], { reduce });
};
