import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Store } from '@sluice/kernel/store/store';
import type { GatewayConfig } from '../config.ts';
import { adminCheck } from './admin-key.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Served, ServeRelease } from './serve-published.ts';
import type { Stored } from './store-package.ts';
import { type Publishing, type Taken, takePackage } from './take-package.ts';

export interface PublisherOptions {
  readonly config: GatewayConfig;
  readonly store: Store;
  /** Aborted when the process stops: what has not come whole is given up, and nobody waits for a runtime. */
  readonly draining: AbortSignal;
  readonly serve: ServeRelease;
}

export interface Published extends Stored, Served {
  readonly release: ReleaseName;
}

/** A stream, and with what right. */
export interface Asked extends Publishing {
  /** `Bearer <admin key>`; without it no message is read. */
  readonly authorization: string;
}

export type Publish = (asked: Asked) => Promise<Published>;

const stopping = (): SluiceError =>
  new SluiceError('DRAINING', 'the gateway is stopping; nothing was published, publish again', {
    retryAfterMs: 1_000,
  });

/** Aborted with the stream, and when the process stops. */
const orStopping = (signal: AbortSignal, draining: AbortSignal): { signal: AbortSignal } & Disposable => {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort(stopping());
  draining.addEventListener('abort', stop);
  if (draining.aborted) stop();
  return {
    signal: AbortSignal.any([signal, stopped.signal]),
    [Symbol.dispose]: () => draining.removeEventListener('abort', stop),
  };
};

/** Takes packages that are published: a few at a time, each of them bounded in time and size. */
export const createPublisher = (options: PublisherOptions): Publish => {
  const { config, store, draining, serve } = options;
  const checkAdmin = adminCheck(config.ADMIN_KEY_SHA256);
  // Within one gateway nobody can publish 1 while another publishes 1.0.0.
  const inTurn = oneAtATime();
  let underWay = 0;

  const take = async (publishing: Publishing): Promise<Taken> => {
    if (underWay >= config.PUBLISH_MAX_CONCURRENT)
      throw new SluiceError('QUEUE_FULL', `${underWay} publications are under way already; publish again`);
    underWay += 1;
    try {
      return await takePackage({ config, store, inTurn }, publishing);
    } finally {
      underWay -= 1;
    }
  };

  return async ({ authorization, ...publishing }) => {
    checkAdmin(authorization);
    using either = orStopping(publishing.signal, draining);
    const { signal } = either;
    const { announced, stored } = await take({ ...publishing, signal });
    const { model, version, digest, wait } = announced;
    const release = { model, version, digest };
    return { release, ...stored, ...(await serve(release, wait, signal)) };
  };
};
