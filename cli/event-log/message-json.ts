import { isUtf8 } from 'node:buffer';
import type { Header, Received } from '@sluice/kernel/event-log/event-log';

type Listed = Record<string, string | string[]>;

const listed = (headers: readonly Header[], encoding: 'utf8' | 'base64'): Listed => {
  const all: Listed = Object.create(null);
  for (const [name, bytes] of headers) {
    const before = all[name];
    const text = bytes.toString(encoding);
    all[name] = before === undefined ? text : [before, text].flat();
  }
  return all;
};

const headersJson = (headers: readonly Header[]) => {
  const texts = headers.filter(([, bytes]) => isUtf8(bytes));
  const others = headers.filter(([, bytes]) => !isUtf8(bytes));
  return {
    ...(texts.length > 0 && { headers: listed(texts, 'utf8') }),
    ...(others.length > 0 && { headersBase64: listed(others, 'base64') }),
  };
};

const keyJson = (key: Buffer | null) => {
  if (key === null || key.length === 0) return {};
  return isUtf8(key) ? { key: key.toString() } : { keyBase64: key.toString('base64') };
};

/** The text of a value that is JSON, on one line: numbers stay as they were written. */
const jsonOf = (value: Buffer): string | undefined => {
  if (!isUtf8(value)) return undefined;
  const text = value.toString();
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  // Within a text of JSON there is no line break.
  return text.replaceAll(/[\r\n]+/g, ' ').trim();
};

/** A message as one line of JSON. Of a tombstone neither value nor valueBase64. */
export const messageLine = ({
  topic,
  partition,
  offset,
  timestampMs,
  key,
  headers,
  value,
}: Received): string => {
  const head = JSON.stringify({
    topic,
    partition,
    offset: Number(offset),
    timestamp: new Date(timestampMs).toISOString(),
    ...keyJson(key),
    ...headersJson(headers),
  });
  if (value === null) return head;
  const json = jsonOf(value);
  const said = json === undefined ? `"valueBase64":"${value.toString('base64')}"` : `"value":${json}`;
  return `${head.slice(0, -1)},${said}}`;
};
