import { metricOf } from '../fault/support/metrics.ts';
import { startConsumers, untilConsuming } from './consumers.ts';
import { startRecords } from './records.ts';
import type { Environment, RunningGateway } from './sluice.ts';
import { waitFor } from './wait-for.ts';

/** What keeps the records of a gateway, as npm start has it. */
export interface Recording extends AsyncDisposable {
  /** Of the gateway. */
  readonly env: Environment;
  /** Waits until all that the gateway has recorded is in the database, feedback joined. */
  untilStored(gateway: RunningGateway): Promise<unknown>;
}

const storedMs = 60_000;

/** For gateways that are not asked to record. */
export const noRecording: Recording = {
  env: {},
  untilStored: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

/** Starts the embedded event log and database, and the consumers; the spool of the gateway will lie in `home`. */
export const startRecording = async (home: string): Promise<Recording> => {
  await using stack = new AsyncDisposableStack();
  const records = stack.use(await startRecords('embedded'));
  const env = { ...records.env, SLUICE_HOME: home, RECORDS: 'true' };
  await untilConsuming(stack.use(await startConsumers(env)));
  const owned = stack.move();
  return {
    env,
    untilStored: ({ metrics }) =>
      waitFor(
        'the spool to be empty',
        async () => (await metricOf(metrics, 'sluice_spool_entries')) === 0,
        storedMs,
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
