import { readGolden } from '@sluice/kernel/release/read-golden';
import { folderOfRelease, type Release } from '@sluice/kernel/release/release';
import type { InferenceClient } from '@sluice/kernel/rpc/inference-client';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { isUpstream, type ReleaseIndex, type UpstreamRelease } from '../core/served-release.ts';
import { type UpstreamLimits, UpstreamServer } from './upstream-server.ts';

export interface UpstreamsOptions {
  readonly store: Store;
  /** What the gateway knows of the store; a new one whenever that was read. */
  readonly index: () => ReleaseIndex;
  /** @param address host:port */
  readonly openClient: (address: string) => InferenceClient;
  readonly log: Log;
  readonly limits: UpstreamLimits;
}

/** The other servers that the releases of the store name, each opened when it is first named. */
export class Upstreams implements AsyncDisposable {
  readonly #options: UpstreamsOptions;
  readonly #byUrl = new Map<string, UpstreamServer>();
  readonly #timer: NodeJS.Timeout;
  #seen: ReleaseIndex | undefined;

  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.follow(), options.limits.pollMs);
    this.follow();
  }

  all(): UpstreamServer[] {
    return [...this.#byUrl.values()];
  }

  /** The server that computes a release. */
  of(release: UpstreamRelease): UpstreamServer {
    this.follow();
    return this.#open(release);
  }

  /** Holds what the index has, and lets go of what it has no more. */
  follow(): void {
    const index = this.#options.index();
    if (index === this.#seen) return;
    this.#seen = index;
    const releases = upstreamReleases(index);
    for (const release of releases) this.#open(release).hold(release);
    for (const server of this.all()) {
      for (const { release } of server.releases)
        if (!releases.some((each) => isSame(each, release))) server.drop(release);
      if (server.releases.length === 0) this.#close(server);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.all().map((server) => server[Symbol.asyncDispose]()));
  }

  #open({ upstream: { url, address } }: UpstreamRelease): UpstreamServer {
    const known = this.#byUrl.get(url);
    if (known !== undefined) return known;
    const { store, openClient, log, limits } = this.#options;
    const golden = ({ model, version }: Release) => readGolden(store, folderOfRelease(model, version));
    const server = new UpstreamServer({ url, client: openClient(address), golden, log, limits });
    this.#byUrl.set(url, server);
    return server;
  }

  #close(server: UpstreamServer): void {
    this.#byUrl.delete(server.address);
    void server[Symbol.asyncDispose]();
  }
}

const isSame = (one: UpstreamRelease, other: UpstreamRelease): boolean =>
  one.model === other.model && one.version === other.version && one.digest === other.digest;

const upstreamReleases = (index: ReleaseIndex): UpstreamRelease[] =>
  [...index.values()].flat().flatMap((each) => {
    if (!('served' in each)) return [];
    const { release } = each.served;
    return isUpstream(release) ? [release] : [];
  });
