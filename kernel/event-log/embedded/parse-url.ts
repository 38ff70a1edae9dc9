import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../../errors/sluice-error.ts';

/** What an lmdb: URL names. */
export interface EmbeddedLogName {
  readonly folder: string;
  /** Whether each write is on the disk before it is acknowledged, so that it survives a power loss. */
  readonly fsync: boolean;
}

const form = 'lmdb:<folder>, and ?fsync=true after it';

/**
 * `lmdb:/srv/log`, `lmdb:relative/folder`, `lmdb:///srv/log?fsync=true`.
 * @throws SluiceError INVALID_INPUT
 */
export const parseLmdbUrl = (url: string): EmbeddedLogName => {
  const [, place = '', query = ''] = /^lmdb:([^?#]*)(?:\?([^#]*))?$/.exec(url) ?? [];
  const options = new URLSearchParams(query);
  const fsync = options.get('fsync') ?? 'false';
  const known = [...options.keys()].every((name) => name === 'fsync');
  if (place === '' || !known || !['true', 'false'].includes(fsync))
    throw new SluiceError('INVALID_INPUT', `EVENT_LOG_URL: expected ${form}, got ${url}`);
  const folder = place.startsWith('//') ? fileURLToPath(`file:${place}`) : resolve(place);
  return { folder, fsync: fsync === 'true' };
};
