import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';

const portOffset = '20000';

/** Milliseconds from `npm start`'s command to ready, the first time and the second (with Node's compile cache). */
export const measureStart = async (): Promise<{ readonly firstMs: number; readonly secondMs: number }> => {
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
    return { firstMs: await once(), secondMs: await once() };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};
