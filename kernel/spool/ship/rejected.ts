import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectedName } from '../disk/open-folder.ts';
import type { Shipment } from './messages.ts';

const nameOf = (sequence: number): string => String(sequence).padStart(16, '0');

/** Sequences of a folder's entries that were set aside. */
export const readRejected = (folder: string): Set<number> =>
  new Set(
    readdirSync(join(folder, rejectedName))
      .filter((name) => /^\d{16}$/.test(name))
      .map(Number),
  );

/** Keeps an entry for who looks after it: its value in a file named by the sequence, all else in `.json` beside it. */
export const putRejected = (folder: string, shipment: Shipment, reason: string): void => {
  const { topic, shared, message, sequence } = shipment;
  const headers = [...shared, ...message.headers].map(([name, value]) => [name, value.toString()]);
  const about = { topic, key: message.key.toString(), headers, reason };
  const path = join(folder, rejectedName, nameOf(sequence));
  writeFileSync(`${path}.json`, `${JSON.stringify(about, null, 2)}\n`);
  writeFileSync(path, message.value ?? '');
};
