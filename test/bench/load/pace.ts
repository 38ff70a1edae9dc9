/** What a run of so many requests says of its speed. */
interface Ran {
  readonly perSecond: number;
  readonly done: number;
}

/** Runs so many requests that they take about so many seconds. */
export type Paced = <R extends Ran>(seconds: number, run: (requests: number) => Promise<R>) => Promise<R>;

/** The first runs are for getting to know the speed; each is so many times the one before. */
const growth = 4;
/** A run that takes this share of the time wanted says enough. */
const enough = 0.5;
/** Of the time wanted, before the run that counts: a system that had nothing to do has given memory back. */
const runUp = 0.5;

/**
 * Counts requests instead of seconds: h2load's timing mode ends before the last answers have come, and hangs when
 * the time is over before all connections are there. The count goes by the speed of the last run, in whole
 * multiples of `quantum`, so that each connection has the same share; the first run is tried with ever more. Each
 * later one has a short one before it.
 */
export const createPace = (quantum: number): Paced => {
  let perSecond: number | undefined;
  return async (seconds, run) => {
    const isRested = perSecond !== undefined;
    let requests = 2 * quantum;
    while (perSecond === undefined) {
      const tried = await run(requests);
      if (tried.done / tried.perSecond >= seconds * enough) perSecond = tried.perSecond;
      else requests *= growth;
    }
    const during = (share: number, speed: number): number =>
      quantum * Math.max(1, Math.round((share * seconds * speed) / quantum));
    if (isRested) await run(during(runUp, perSecond));
    const result = await run(during(1, perSecond));
    perSecond = result.perSecond;
    return result;
  };
};
