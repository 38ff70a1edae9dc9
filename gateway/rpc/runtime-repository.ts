import { credentials, status } from '@grpc/grpc-js';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Packages } from '@sluice/protos/load';
import type { RuntimeLink } from './runtime-link.ts';

/** Longest wait for a runtime that loads or unloads by hand. */
const repositoryMs = 60_000;

type Verb = 'RepositoryModelLoad' | 'RepositoryModelUnload';
const words = { RepositoryModelLoad: 'load', RepositoryModelUnload: 'unload' } as const;
type Client = InstanceType<Packages['inference']['GRPCInferenceService']>;

const call = (client: Client, verb: Verb, modelName: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const deadline = Date.now() + repositoryMs;
    client[verb]({ modelName }, { deadline }, (error) => (error === null ? resolve() : reject(error)));
  });

/**
 * Loads or unloads a model in every runtime that can be reached.
 * @throws SluiceError MODEL_NOT_FOUND where no runtime knows it, else RELEASE_UNAVAILABLE with each runtime's reason.
 */
export const inEveryRuntime = async (
  links: readonly RuntimeLink[],
  packages: Packages,
  verb: Verb,
  model: string,
): Promise<void> => {
  const reachable = links.filter(({ available }) => available);
  if (reachable.length === 0)
    throw new SluiceError('RELEASE_UNAVAILABLE', 'no runtime is reachable', { retryAfterMs: 1_000 });
  const outcomes = await Promise.allSettled(reachable.map((link) => inOne(link, packages, verb, model)));
  const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (faults.length === 0) return;
  const reasons = faults.map((fault) => String(fault?.details ?? fault)).join('; ');
  // Triton's clients look for these words.
  if (faults.every((fault) => fault?.code === status.NOT_FOUND))
    throw new SluiceError('MODEL_NOT_FOUND', `failed to ${words[verb]} '${model}': ${reasons}`);
  throw new SluiceError('RELEASE_UNAVAILABLE', reasons);
};

const inOne = async (
  { address }: RuntimeLink,
  packages: Packages,
  verb: Verb,
  model: string,
): Promise<void> => {
  const client = new packages.inference.GRPCInferenceService(address, credentials.createInsecure());
  try {
    await call(client, verb, model);
  } finally {
    client.close();
  }
};
