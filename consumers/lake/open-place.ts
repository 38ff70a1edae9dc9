import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { parseS3Url } from '@sluice/kernel/store/s3/parse-url';
import { openFolderPlace } from './folder-place.ts';
import type { LakePlace } from './place.ts';

const folderOf = (url: string): string =>
  url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length));

/**
 * The lake that a URL names: `file:<folder>` or `s3://<bucket>/<prefix>`, which is reached with the SDK's usual variables.
 * A bucket is not asked yet.
 * @throws SluiceError INVALID_INPUT for another kind of URL
 */
export const openPlace = async (url: string, env: NodeJS.ProcessEnv): Promise<LakePlace> => {
  if (url.startsWith('file:')) return openFolderPlace(url, folderOf(url));
  const name = parseS3Url(url);
  if (name === undefined)
    throw new SluiceError(
      'INVALID_INPUT',
      `LAKE_URL: expected file:<folder> or s3://<bucket>/<prefix>, got ${url}`,
    );
  // A client that is not used is not loaded.
  const { openBucket } = await import('@sluice/kernel/store/s3/open-bucket');
  const { openBucketPlace } = await import('./bucket-place.ts');
  return openBucketPlace(openBucket(url, name, env), join(tmpdir(), 'sluice-lake'));
};
