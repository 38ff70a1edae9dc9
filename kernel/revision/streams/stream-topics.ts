import type { Violation } from '../../errors/sluice-error.ts';
import type { Stream } from '../stream-settings.ts';

/** What is wrong with the topics of streams, seen together. */

const fault = (path: string, rule: string, message: string): Violation => ({ path, rule, message });

/** Sluice's own ones, and Kafka's. */
const isReserved = (topic: string): boolean => /^(sluice\.|__)/.test(topic);
const isDeadLetters = (topic: string): boolean => /^sluice\.dead-letters\./.test(topic);

const reservedFaults = ({ from, to, deadLetters }: Stream, path: string): Violation[] => {
  const faults: Violation[] = [];
  if (isReserved(to))
    faults.push(fault(`${path}.to`, 'reserved', `${to} is a topic of the event log's own: name another one`));
  if (isReserved(deadLetters) && !isDeadLetters(deadLetters))
    faults.push(fault(`${path}.deadLetters`, 'reserved', `${deadLetters} is not for dead letters`));
  const records = from.find((topic) => isReserved(topic) && !isDeadLetters(topic));
  if (records !== undefined)
    faults.push(
      fault(`${path}.from`, 'reserved', `${records} holds what comes of predictions, and not events`),
    );
  return faults;
};

const ownFaults = ({ from, to, deadLetters }: Stream, path: string): Violation[] => {
  if (from.includes(deadLetters))
    return [fault(`${path}.deadLetters`, 'cycle', `${deadLetters} is a source of the same stream`)];
  return deadLetters === to
    ? [fault(`${path}.deadLetters`, 'same', `${to} is the sink: dead letters need another topic`)]
    : [];
};

/** Topics from one to another, by the sinks of streams; undefined: there is no way. */
const wayBetween = (
  streams: readonly Stream[],
  start: string,
  goals: readonly string[],
): string[] | undefined => {
  const ways = [[start]];
  const seen = new Set([start]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const at = way.at(-1) ?? '';
    if (goals.includes(at)) return way;
    for (const { from, to } of streams) {
      if (!from.includes(at) || seen.has(to)) continue;
      seen.add(to);
      ways.push([...way, to]);
    }
  }
  return undefined;
};

const cycleFaults = (stream: Stream, streams: readonly Stream[], path: string): Violation[] => {
  const way = wayBetween(streams, stream.to, stream.from);
  if (way === undefined) return [];
  const message =
    way.length === 1
      ? `${stream.to} is a source of the same stream, which would score what it wrote for ever`
      : `what is written there comes back to the source: ${way.join(' → ')}`;
  return [fault(`${path}.to`, 'cycle', message)];
};

const formatFaults = (stream: Stream, earlier: readonly Stream[], path: string): Violation[] => {
  const other = earlier.find(({ to, format }) => to === stream.to && format !== stream.format);
  if (other === undefined) return [];
  const message = `${stream.format}, but the stream '${other.name}' writes ${other.format} to ${stream.to}, too`;
  return [fault(`${path}.format`, 'format', message)];
};

const replayFaults = (stream: Stream, streams: readonly Stream[], path: string): Violation[] => {
  const { name, replayOf, untilMs, to } = stream;
  if (replayOf === undefined)
    return untilMs === undefined
      ? []
      : [fault(`${path}.until`, 'replay', 'only a replay ends: name the stream in replayOf')];
  const others = streams.filter((other) => other.name !== name).map((other) => other.name);
  const original = streams.find((other) => other.name === replayOf && other !== stream);
  if (original === undefined) {
    const known = others.length === 0 ? 'there is no other one' : `there are ${others.join(', ')}`;
    return [fault(`${path}.replayOf`, 'unknown', `there is no stream '${replayOf}'; ${known}`)];
  }
  return original.to === to
    ? [fault(`${path}.to`, 'replay', `${to} is the sink of '${replayOf}': a replay needs another one`)]
    : [];
};

/** Names that are there twice, topics that must not be written to or lead in a circle, replays of nothing. */
export const topicFaults = (streams: readonly Stream[]): Violation[] =>
  streams.flatMap((stream, index) => {
    const path = `streams.${index}`;
    const earlier = streams.slice(0, index);
    const isTwice = earlier.some(({ name }) => name === stream.name);
    return [
      ...(isTwice ? [fault(`${path}.name`, 'unique', `there are two streams '${stream.name}'`)] : []),
      ...reservedFaults(stream, path),
      ...ownFaults(stream, path),
      ...cycleFaults(stream, streams, path),
      ...formatFaults(stream, earlier, path),
      ...replayFaults(stream, streams, path),
    ];
  });
