import { randomUUID } from 'node:crypto';
import { SluiceError } from '../../errors/sluice-error.ts';
import { groupKey } from './keys.ts';
import type { Tables } from './tables.ts';

/**
 * Who consumes a topic for a group. A lease ends when its time is over or it is given back; each has a higher number
 * than the one before, and what was begun under an earlier number is refused.
 */
export interface Leases {
  /** Takes a lease that nobody has; its number. Undefined: somebody has it. */
  take(group: string, topic: string): number | undefined;
  /** Prolongs it; false: it was lost. */
  renew(group: string, topic: string, epoch: number): boolean;
  giveBack(group: string, topic: string, epoch: number): void;
  /** Whether anybody has it; in a read or a write. */
  isHeld(group: string, topic: string): boolean;
  /** Whether this one is the newest; in a read or a write. */
  isNewest(group: string, topic: string, epoch: number): boolean;
  /**
   * Checks, in a write, that nobody else consumes the topic for the group: neither now nor since this log took it.
   * @throws SluiceError FENCED
   */
  check(group: string, topic: string): void;
}

interface StoredLease {
  readonly epoch: number;
  /** Of a log that was opened; empty: it was given back. */
  readonly owner: string;
  readonly untilMs: number;
  readonly lastsMs: number;
}

/**
 * The clock that counts from the machine's start, the same for all its processes: nobody can set it. After the machine
 * was started anew it is behind what was stored, by more than a lease can last.
 */
const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export const openLeases = (tables: Tables, leaseMs: number): Leases => {
  const owner = randomUUID();
  /** The newest that this log took, by group and topic. */
  const taken = new Map<string, number>();
  const read = (group: string, topic: string): StoredLease | undefined => {
    const found = tables.leases.get(groupKey(group, topic));
    return found && (JSON.parse(found.toString()) as StoredLease);
  };
  const write = (group: string, topic: string, lease: StoredLease): void => {
    tables.leases.putSync(groupKey(group, topic), Buffer.from(JSON.stringify(lease)));
  };
  const isHeld = (lease: StoredLease | undefined): boolean => {
    if (lease === undefined || lease.owner === '') return false;
    const leftMs = lease.untilMs - monotonicMs();
    return leftMs > 0 && leftMs <= lease.lastsMs;
  };
  const fromNow = () => ({ owner, untilMs: monotonicMs() + leaseMs, lastsMs: leaseMs });
  const change = (group: string, topic: string, epoch: number, lease: Omit<StoredLease, 'epoch'>): boolean =>
    tables.write(() => {
      if (read(group, topic)?.epoch !== epoch) return false;
      write(group, topic, { epoch, ...lease });
      return true;
    });
  return {
    take: (group, topic) => {
      if (tables.read(() => isHeld(read(group, topic)))) return undefined;
      const epoch = tables.write(() => {
        const before = read(group, topic);
        if (isHeld(before)) return undefined;
        const lease = { epoch: (before?.epoch ?? 0) + 1, ...fromNow() };
        write(group, topic, lease);
        return lease.epoch;
      });
      if (epoch !== undefined) taken.set(`${group}\0${topic}`, epoch);
      return epoch;
    },
    renew: (group, topic, epoch) => change(group, topic, epoch, fromNow()),
    giveBack: (group, topic, epoch) => {
      change(group, topic, epoch, { owner: '', untilMs: 0, lastsMs: 0 });
    },
    isHeld: (group, topic) => isHeld(read(group, topic)),
    isNewest: (group, topic, epoch) => read(group, topic)?.epoch === epoch,
    check: (group, topic) => {
      const lease = read(group, topic);
      const own = taken.get(`${group}\0${topic}`);
      const fenced = own === undefined ? isHeld(lease) : lease?.epoch !== own;
      if (fenced)
        throw new SluiceError('FENCED', `somebody else consumes ${topic} for the group ${group} now`);
    },
  };
};
