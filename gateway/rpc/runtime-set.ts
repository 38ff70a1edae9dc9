import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Packages } from '@sluice/protos/load';
import { type LinkEvents, RuntimeLink } from './runtime-link.ts';

export interface RuntimeSetOptions {
  readonly packages: Packages;
  /** Largest frame that a runtime receives which does not say. */
  readonly maxFrameBytes: number;
  readonly log: Log;
  /** Which runtimes there are, what they hold, or whether they are available. */
  readonly onChange: () => void;
  readonly onLost: (runtime: RuntimeLink, releases: readonly ReleaseName[]) => void;
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));

/** The runtimes of a list that may change, and the cells that they announce. */
export class RuntimeSet implements AsyncDisposable {
  readonly #options: RuntimeSetOptions;
  readonly #links = new Map<string, RuntimeLink>();
  /** By runtime and by port. */
  readonly #cells = new Map<RuntimeLink, Map<number, RuntimeLink>>();
  /** All that are not closed, also those that take nothing new. */
  readonly #open = new Set<RuntimeLink>();

  constructor(options: RuntimeSetOptions) {
    this.#options = options;
  }

  /** The runtimes of the list. */
  get links(): readonly RuntimeLink[] {
    return [...this.#links.values()];
  }

  /** The runtimes of the list and their cells. */
  get runtimes(): readonly RuntimeLink[] {
    return this.links.flatMap((link) => [link, ...this.#cellsOf(link)]);
  }

  /** Whether a runtime of the list is done with what it was told to load, and its cells are connected. */
  get ready(): boolean {
    return this.links.some((link) => link.ready && !this.#cellsOf(link).some(({ isMeeting }) => isMeeting));
  }

  /** Opens links to new addresses; those that are no longer in the list get nothing new, and close after their last answer. */
  set(addresses: readonly string[]): void {
    for (const [address, link] of this.#links)
      if (!addresses.includes(address)) {
        this.#links.delete(address);
        this.#retire(link);
      }
    for (const address of addresses)
      if (!this.#links.has(address)) this.#links.set(address, this.#link(address, 'runtime'));
    this.#options.onChange();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open].map((link) => link[Symbol.asyncDispose]()));
  }

  #cellsOf(link: RuntimeLink): RuntimeLink[] {
    return [...(this.#cells.get(link)?.values() ?? [])];
  }

  #link(address: string, kind: RuntimeLink['kind']): RuntimeLink {
    const { packages, maxFrameBytes, log, onLost } = this.#options;
    const on: LinkEvents = {
      changed: (link) => this.#changed(link),
      lost: onLost,
      closed: (link) => void this.#open.delete(link),
    };
    const link = new RuntimeLink({ address, kind, packages, maxFrameBytes, log, on });
    this.#open.add(link);
    return link;
  }

  #retire(link: RuntimeLink): void {
    for (const cell of this.#cellsOf(link)) cell.retire();
    this.#cells.delete(link);
    link.retire();
  }

  #changed(link: RuntimeLink): void {
    if (this.#links.get(link.address) === link) this.#followCells(link);
    this.#options.onChange();
  }

  /** Links to cells come and go with what their runtime announces. */
  #followCells(link: RuntimeLink): void {
    const known = this.#cells.get(link) ?? new Map<number, RuntimeLink>();
    const announced = new Map(link.cells.map((cell) => [cell.port, cell]));
    for (const [port, cell] of known) {
      const now = announced.get(port);
      if (now?.ending === '') continue;
      known.delete(port);
      if (now === undefined) cell.retire();
      else cell.leave(now.ending);
    }
    for (const [port, { ending }] of announced)
      if (ending === '' && !known.has(port))
        known.set(port, this.#link(`${hostOf(link.address)}:${port}`, 'cell'));
    this.#cells.set(link, known);
  }
}
