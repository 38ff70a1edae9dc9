import { isUtf8 } from 'node:buffer';
import { type Letter, originalHeaders } from '../dead-letters/letter.ts';
import { formatPairs, formatTable } from './table.ts';

/** Of a message, in a table. */
const maxMessageLength = 80;

const shortened = (text: string): string =>
  text.length <= maxMessageLength ? text : `${text.slice(0, maxMessageLength - 1)}…`;

const whence = ({ topic, partition, offset }: Letter): string =>
  topic === undefined ? '' : `${topic}-${partition ?? '?'}-${offset ?? '?'}`;

/** A letter without its bytes. */
export const letterJson = ({ received: _, ...said }: Letter) => said;

/** One row a letter; below it, whether there are more. */
export const formatLetters = (letters: readonly Letter[], hasMore: boolean): string => {
  const table = formatTable(
    ['LETTER', 'TIME', 'STAGE', 'STREAM', 'CODE', 'FROM', 'MESSAGE'],
    letters.map((letter) => [
      letter.id,
      letter.time,
      letter.stage ?? '',
      letter.stream ?? '',
      letter.code ?? '',
      whence(letter),
      shortened(letter.message ?? ''),
    ]),
  );
  return hasMore ? `${table}\nThere are more: --max, --from, --to, --stream, --code\n` : table;
};

const textOf = (bytes: Buffer): string =>
  isUtf8(bytes) ? bytes.toString() : `base64: ${bytes.toString('base64')}`;

/** One letter whole: why, then the message as it was. */
export const formatLetter = (letter: Letter): string => {
  const { key, value } = letter.received;
  const about = formatPairs([
    ['letter', letter.id],
    ['time', letter.time],
    ['stage', letter.stage],
    ['stream', letter.stream],
    ['code', letter.code],
    ['message', letter.message],
    ['attempts', letter.attempts],
    ['from', whence(letter)],
    ['key', key === null ? undefined : textOf(key)],
  ]);
  const headers = formatPairs(originalHeaders(letter).map(([name, bytes]) => [name, textOf(bytes)]));
  const said = value === null ? '(no value)' : textOf(value);
  return [about, headers, `${said}\n`].filter((part) => part !== '').join('\n');
};
