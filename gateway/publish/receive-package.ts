import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { DigestedFile } from '@sluice/kernel/release/digest';
import type { PublishReleaseRequest__Output } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import { type Announced, type PackageBounds, parseAnnounced } from './announced.ts';
import { PackageWriter } from './package-writer.ts';

export type Messages = AsyncIterator<PublishReleaseRequest__Output>;

/** Largest chunk: what a publisher has under way stays small. */
export const maxChunkBytes = 256 * 1024;

const outOfOrder = (message: string): SluiceError => new SluiceError('MALFORMED_REQUEST', message);

/** The first message. @throws SluiceError when it is no package, or none that may be published. */
export const receiveAnnounced = async (messages: Messages, bounds: PackageBounds): Promise<Announced> => {
  const first = await messages.next();
  if (first.done === true) throw outOfOrder('the stream ended before it said what is to be published');
  const { package: given } = first.value;
  if (given === undefined || given === null) throw outOfOrder('expected a package in the first message');
  const parsed = parseAnnounced(given, bounds);
  if ('error' in parsed) throw invalidInput(parsed.error);
  return parsed.value;
};

const chunkOf = ({ chunk, part }: PublishReleaseRequest__Output): Buffer => {
  if (part !== 'chunk' || chunk === undefined) throw outOfOrder('expected a chunk after the package');
  if (chunk.length <= maxChunkBytes) return chunk;
  throw outOfOrder(`expected chunks of at most ${maxChunkBytes} bytes, got ${chunk.length}`);
};

/** All other messages: writes the files into a folder. @throws SluiceError when they are not what was announced. */
export const receiveFiles = async (
  messages: Messages,
  files: readonly DigestedFile[],
  folder: string,
): Promise<void> => {
  await using writer = new PackageWriter(folder, files);
  for (let next = await messages.next(); next.done !== true; next = await messages.next())
    await writer.write(chunkOf(next.value));
  await writer.end();
};
