/**
 * A prediction and the feedback about it may be stored at the same moment, and neither transaction sees the other's
 * rows: they would never be joined. Therefore feedback is stored while no predictions are. Many may store predictions.
 */
const joinLock = 7_406_100_003;

export const whilePredictionsAreStored = `select pg_advisory_xact_lock_shared(${joinLock})`;
export const whileFeedbackIsStored = `select pg_advisory_xact_lock(${joinLock})`;
