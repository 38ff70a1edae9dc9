import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../support/process.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Sample } from '../figures.ts';
import type { Row } from './row.ts';

const portOffset = '20000';

/** Milliseconds from `npm start`'s command to ready, the first time and the second (with Node's compile cache). */
const measureStart = async (): Promise<Sample> => {
  const home = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const once = async (): Promise<number> => {
    const startedAt = performance.now();
    const running = startProcess('cli/main.ts', { SLUICE_HOME: home, SLUICE_PORT_OFFSET: portOffset }, [
      'start',
    ]);
    await waitFor('Sluice to be ready', () =>
      running.lines.some(({ msg }) => String(msg).startsWith('all ready')),
    );
    const elapsed = performance.now() - startedAt;
    running.signal('SIGTERM');
    await running.exited;
    return elapsed;
  };
  try {
    return { firstStartMs: await once(), secondStartMs: await once() };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

/** A new user's first start, and the next. */
export const startRow = (): Row => ({
  name: 'start',
  title: 'from `npm start` to ready, with the example models',
  section: 'start',
  needs: [],
  once: true,
  prepare: async () => {},
  measure: measureStart,
});
