import type { Leases } from './leases.ts';
import type { Tables } from './tables.ts';
import type { Topics } from './topics.ts';
import type { Wake } from './wake.ts';

/** What an open log consists of. */
export interface Parts {
  readonly tables: Tables;
  readonly topics: Topics;
  readonly leases: Leases;
  readonly wake: Wake;
  readonly leaseMs: number;
}
