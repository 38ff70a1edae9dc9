import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';

/** Runtimes that a release may be suspected of having taken down. */
const maxLosses = 2;

interface Suspicion {
  losses: number;
  /** Milliseconds of performance.now(); undefined: not in quarantine. */
  until: number | undefined;
}

type Name = Pick<ReleaseName, 'model' | 'version'>;

/**
 * Keeps releases away from runtimes that they take down. A release is suspected when a runtime is
 * lost that held a request for it, and cleared by an answer; two losses without an answer between
 * them, or a request that was lost twice, put it in quarantine for a while.
 */
export class Quarantine {
  readonly #suspicions = new Map<string, Suspicion>();
  readonly #quarantineMs: number;
  readonly #now: () => number;

  constructor({ quarantineMs, now }: { readonly quarantineMs: number; readonly now: () => number }) {
    this.#quarantineMs = quarantineMs;
    this.#now = now;
  }

  /** How long it is in quarantine yet; 0: it is not. */
  leftMs(release: Name): number {
    if (this.#suspicions.size === 0) return 0;
    const { until } = this.#suspicions.get(keyOf(release)) ?? {};
    if (until === undefined) return 0;
    const left = Math.max(0, Math.ceil(until - this.#now()));
    if (left === 0) this.#suspicions.delete(keyOf(release));
    return left;
  }

  /** @throws SluiceError RELEASE_QUARANTINED with the time that is left. */
  check(release: Name): void {
    const retryAfterMs = this.leftMs(release);
    if (retryAfterMs === 0) return;
    const message = `${release.model} ${release.version} took down two runtimes and is in quarantine`;
    throw new SluiceError('RELEASE_QUARANTINED', message, { retryAfterMs });
  }

  answered(release: Name): void {
    if (this.#suspicions.size === 0) return;
    const suspicion = this.#suspicions.get(keyOf(release));
    if (suspicion?.until === undefined) this.#suspicions.delete(keyOf(release));
  }

  /** A runtime was lost while it held requests for the release; true: the release is in quarantine now. */
  lost(release: Name): boolean {
    const suspicion = this.#suspicions.get(keyOf(release)) ?? { losses: 0, until: undefined };
    this.#suspicions.set(keyOf(release), suspicion);
    suspicion.losses += 1;
    return suspicion.losses >= maxLosses && this.#isolate(suspicion);
  }

  /** One request was lost with two runtimes. */
  lostTwice(release: Name): void {
    const suspicion = { losses: maxLosses, until: undefined };
    this.#suspicions.set(keyOf(release), suspicion);
    this.#isolate(suspicion);
  }

  /** Ends the quarantine of a model's releases, for instance because it was loaded anew. */
  clear(model: string): void {
    for (const key of this.#suspicions.keys()) if (key.startsWith(`${model}/`)) this.#suspicions.delete(key);
  }

  #isolate(suspicion: Suspicion): boolean {
    suspicion.until ??= this.#now() + this.#quarantineMs;
    return true;
  }
}

const keyOf = ({ model, version }: Name): string => `${model}/${version}`;
