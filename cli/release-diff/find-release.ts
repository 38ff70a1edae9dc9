import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listVersions } from '@sluice/kernel/release/list-releases';
import { readRelease } from '@sluice/kernel/release/read-release';
import type { Release } from '@sluice/kernel/release/release';
import { sameVersion } from '@sluice/kernel/release/version';
import { openStore } from '@sluice/kernel/store/open-store';
import { z } from 'zod';
import { release as releaseSchema } from '../answers.ts';
import { call, type GatewayOptions, releasePath } from '../gateway-client.ts';
import { readPackage } from '../package/read-package.ts';

export interface Places {
  readonly storeUrl: string;
  readonly gateway: GatewayOptions;
}

/**
 * A release of a model: a folder with a sluice.yaml is a package that need not be published; a version is read
 * from the store; any other selector is resolved by the gateway, and then read from the store.
 */
export const findRelease = async (model: string, text: string, places: Places): Promise<Release> => {
  if (existsSync(join(text, 'sluice.yaml'))) return (await readPackage(text)).release;
  const store = openStore(places.storeUrl);
  const versions = await listVersions(store, model);
  const exact = versions.find((version) => sameVersion(version, text));
  return readRelease(store, model, exact ?? (await resolved(model, text, places.gateway)));
};

const answer = z.object({ release: releaseSchema });

const resolved = async (model: string, selector: string, gateway: GatewayOptions): Promise<string> =>
  answer.parse(await call(gateway, 'GET', releasePath('v1', model, selector))).release.release.version;
