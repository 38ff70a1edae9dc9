import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type EmbeddedLogOptions, openEmbeddedLog } from '../embedded/open-embedded-log.ts';
import type { EventLog } from '../event-log.ts';
import type { LogKind, OpenedLog } from './log-kind.ts';

export interface TemporaryLog extends OpenedLog {
  readonly folder: string;
  again(options?: EmbeddedLogOptions): Promise<EventLog>;
}

/** An embedded log in a folder of its own, which goes with the test. */
export const temporaryLog = async (
  t: TestContext,
  options: EmbeddedLogOptions = {},
): Promise<TemporaryLog> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  const opened = new AsyncDisposableStack();
  t.after(async () => {
    await opened.disposeAsync();
    await rm(folder, { recursive: true, force: true });
  });
  const again = async (others = options): Promise<EventLog> =>
    opened.use(await openEmbeddedLog(`lmdb:${folder}`, others));
  return { folder, log: await again(), again };
};

export const embeddedLogs: LogKind = { name: 'the embedded log', skip: false, open: (t) => temporaryLog(t) };
