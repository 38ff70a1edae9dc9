import { open } from 'node:fs/promises';
import { tryLock } from 'fs-native-extensions';

/**
 * Locks a file, which is made when it is not there, until the result is disposed of or the process ends, however it
 * ends. undefined: another process has the lock.
 */
export const lockFile = async (path: string): Promise<AsyncDisposable | undefined> => {
  const file = await open(path, 'a');
  if (tryLock(file.fd)) return { [Symbol.asyncDispose]: () => file.close() };
  await file.close();
  return undefined;
};
