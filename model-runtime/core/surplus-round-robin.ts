/** What a flow has had of its share. */
export interface Share {
  /** Time that it may still take in this visit, in milliseconds; negative: it has taken more than its share. */
  surplusMs: number;
  isWaiting: boolean;
  /** When it left: the round, and the busy period. */
  round: number;
  period: number;
}

export const newShare = (): Share => ({ surplusMs: 0, isWaiting: false, round: 0, period: 0 });

export interface Flow {
  readonly share: Share;
}

/** Runnable: it could be served. Waiting: not yet. Empty: it has nothing. */
export type Readiness = 'runnable' | 'waiting' | 'empty';

/** Time that a flow gets in each round. It bounds how far two flows may be apart, together with one batch. */
export const quantumMs = 0.5;
/** What a batch costs at least, so that a clock that stands still starves nobody. */
const leastCostMs = 0.001;
/** What a batch is charged at most: a process that was stopped in the middle of one starves nobody for as long. */
export const mostCostMs = 1_000;

/**
 * Whose turn it is, by Surplus Round Robin (H. Adiseshu, G. Parulkar, G. Varghese, "A Reliable and
 * Scalable Striping Protocol", SIGCOMM 1996): Deficit Round Robin (Shreedhar, Varghese, SIGCOMM
 * 1995) for costs that are known only afterwards. In each round a flow gets a quantum and is served
 * while it has a surplus; what it takes too much it owes in the next rounds. Of two flows that
 * always have something, neither gets more than a quantum and one batch ahead of the other.
 */
export interface RoundRobin<F extends Flow> {
  readonly size: number;
  /** The flow has something again. */
  join(flow: F): void;
  /** The next flow that is runnable. Empty ones leave the round: they lose a surplus, and keep what they owe. */
  next(readinessOf: (flow: F) => Readiness): F | undefined;
  charge(flow: F, costMs: number): void;
  [Symbol.iterator](): Iterator<F>;
}

export const createRoundRobin = <F extends Flow>(): RoundRobin<F> => {
  const ring: F[] = [];
  let at = 0;
  let hasQuantum = false;
  let round = 0;
  /** Counts the times when nobody had anything; what was owed before is forgotten. */
  let period = 0;
  const stepTo = (index: number): void => {
    hasQuantum = false;
    at = index;
    if (at < ring.length) return;
    at = 0;
    round += 1;
  };
  const leave = ({ share }: F): void => {
    ring.splice(at, 1);
    share.isWaiting = false;
    [share.round, share.period] = [round, period];
    stepTo(at);
    if (ring.length === 0) period += 1;
  };
  const visit = ({ share }: F): boolean => {
    if (!hasQuantum) share.surplusMs += quantumMs;
    hasQuantum = true;
    return share.surplusMs > 0;
  };
  /** Visits each at most once; the first that is runnable and has a surplus. */
  const goRound = (readinessOf: (flow: F) => Readiness): F | undefined => {
    for (let visits = ring.length; visits > 0; visits -= 1) {
      const flow = ring[at];
      if (flow === undefined) return undefined;
      const readiness = readinessOf(flow);
      if (readiness === 'runnable' && visit(flow)) return flow;
      if (readiness === 'empty') leave(flow);
      else stepTo(at + 1);
    }
    return undefined;
  };
  /** Where all owe more than a quantum, as many rounds as the least of them needs pass at once. */
  const passRounds = (runnable: readonly F[]): void => {
    const leastOwed = Math.min(...runnable.map(({ share }) => -share.surplusMs));
    const rounds = Math.floor(leastOwed / quantumMs);
    for (const { share } of runnable) share.surplusMs += rounds * quantumMs;
    round += rounds;
  };
  return {
    get size() {
      return ring.length;
    },
    join(flow) {
      const { share } = flow;
      if (share.isWaiting) return;
      share.isWaiting = true;
      const earned = (round - share.round) * quantumMs;
      share.surplusMs = share.period === period ? Math.min(0, share.surplusMs + earned) : 0;
      ring.push(flow);
    },
    next(readinessOf) {
      for (;;) {
        const found = goRound(readinessOf);
        if (found !== undefined) return found;
        const owing = ring.filter((flow) => readinessOf(flow) === 'runnable');
        if (owing.length === 0) return undefined;
        passRounds(owing);
      }
    },
    charge({ share }, costMs) {
      share.surplusMs -= Math.min(mostCostMs, Math.max(leastCostMs, costMs));
    },
    [Symbol.iterator]: () => ring.values(),
  };
};
