import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { feedbackTopic, predictionsTopic } from '../../records/topics.ts';
import type { Watermark } from '../../records/watermark.ts';
import { createLog } from '../../telemetry/log.ts';
import { openSpool, type SpoolOptions } from '../open-spool.ts';
import type { Spool } from '../spool.ts';

export type OpenOptions = Partial<Omit<SpoolOptions, 'limits'>> & {
  readonly limits?: Partial<SpoolOptions['limits']>;
};

/** A log whose lines are kept. */
export const keptLog = () => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  return { lines, log: createLog({ process: 'test', environment: 'dev', level: 'info', destination }) };
};

/** What the database would say, as a test sets it; by spool. */
export class Watermarks {
  readonly #stored = new Map<string, Watermark[]>();
  set(spool: string, ...watermarks: readonly Watermark[]): void {
    this.#stored.set(spool, [...watermarks]);
  }
  readonly read = async (spool: string): Promise<readonly Watermark[]> => this.#stored.get(spool) ?? [];
}

const common = [['ce_specversion', Buffer.from('1.0')]] as const;

/** Spools, and an embedded log, in a folder that goes with the test. */
export const temporarySpools = async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
  const opened = new AsyncDisposableStack();
  t.after(async () => {
    await opened.disposeAsync();
    await rm(folder, { recursive: true, force: true });
  });
  const { lines, log } = keptLog();
  const watermarks = new Watermarks();
  const url = `lmdb:${folder}/event-log`;
  const root = join(folder, 'spool');
  const open = async ({ limits, ...options }: OpenOptions = {}): Promise<Spool> =>
    opened.use(
      await openSpool({
        folder: root,
        limits: { maxBytes: 100_000_000, maxAgeMs: 3_600_000, segmentBytes: 1_000_000, ...limits },
        topics: new Map([
          [predictionsTopic, common],
          [feedbackTopic, common],
        ]),
        eventLog: { url },
        readWatermarks: watermarks.read,
        watermarkPollMs: 10,
        adoptPollMs: 10,
        drainMs: 10_000,
        log,
        ...options,
      }),
    );
  return { folder, root, url, open, watermarks, lines };
};

/** An event log that nobody reaches. */
export const nowhere = { url: 'lmdb:/dev/null/nowhere' };
