import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { type DigestedFile, digestOf, sha256 } from '@sluice/kernel/release/digest';
import { publishPackage } from '@sluice/kernel/rpc/publish-client';
import type { Package } from '@sluice/protos/gen/sluice/v1/Package';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import type { PublishReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/PublishReleaseResponse';
import { type Clients, packages, unary } from './clients.ts';

export const adminKey = 'the-key-of-the-tests';
/** A gateway with it lets who has `adminKey` publish. */
export const adminEnv = { ADMIN_KEY_SHA256: createHash('sha256').update(adminKey).digest('hex') };

type Files = Readonly<Record<string, Uint8Array | string>>;

/** A package in a folder of its own. */
export interface PackageFolder extends AsyncDisposable {
  readonly folder: string;
  readonly announced: Package & { readonly files: readonly DigestedFile[]; readonly digest: string };
}

const digested = (files: Files): DigestedFile[] =>
  Object.entries(files).map(([path, content]) => {
    const bytes = Buffer.from(content);
    return { path, size: bytes.length, sha256: sha256(bytes) };
  });

/** What announces these files as a release, as the command would. */
export const announce = (model: string, version: string, files: Files): PackageFolder['announced'] => {
  const list = digested(files);
  return { model, version, by: 'ada@lab', files: list, digest: digestOf(list) };
};

export const packageFolder = async (model: string, version: string, files: Files): Promise<PackageFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-package-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return {
    folder,
    announced: announce(model, version, files),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Publishes as the command does. */
export const publish = (
  address: string,
  { folder, announced }: PackageFolder,
): Promise<PublishReleaseResponse__Output> =>
  publishPackage({ address, packages, adminKey, folder, announced: { ...announced } });

/** Sends these messages and nothing else, with this key. */
export const sendMessages = (
  { model }: Clients,
  messages: readonly PublishReleaseRequest[],
  key: string | undefined = adminKey,
): Promise<PublishReleaseResponse__Output> => {
  const metadata = new Metadata();
  if (key !== '') metadata.set('authorization', `Bearer ${key}`);
  return unary((done) => {
    const call = model.PublishRelease(metadata, done);
    for (const message of messages) call.write(message);
    call.end();
    return call;
  });
};
