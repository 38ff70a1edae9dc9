import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adminKeyFile } from '../publish/admin-key.ts';

const keyBytes = 32;
const ownerOnly = 0o600;

/** A hard link to a finished file is atomic and fails when there is one: two starts agree on one key. */
const create = async (path: string): Promise<void> => {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, `${randomBytes(keyBytes).toString('base64url')}\n`, { mode: ownerOnly });
    await link(unfinished, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
};

/** SHA-256 of the admin key below `home`, hexadecimal; the key is made at the first start. */
export const adminKeyHash = async (home: string): Promise<string> => {
  const path = join(home, adminKeyFile);
  await mkdir(home, { recursive: true });
  await create(path);
  await chmod(path, ownerOnly);
  const key = (await readFile(path, 'utf8')).trim();
  if (key === '') throw new Error(`${path} is empty: remove it, and the next start makes a key`);
  return createHash('sha256').update(key).digest('hex');
};
