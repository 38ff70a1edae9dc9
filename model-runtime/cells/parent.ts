import { beatMs } from '../core/silence.ts';
import type { FromCell, MetricsJson } from './messages.ts';

/** The runtime, as its cell sees it over the IPC channel. */
export interface Parent extends AsyncDisposable {
  /** The cell serves on this port; from now on its silence means that it computes. */
  up(port: number): void;
  /** It cannot load its release. Resolves when that was said. */
  refuse(reason: string): Promise<void>;
  /** A batch was completed. */
  completed(): void;
}

/** A runtime that is gone hears nothing; the cell drains then and ends. */
const tell = (message: FromCell): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });

export const openParent = (metrics: () => Promise<MetricsJson>): Parent => {
  let batches = 0;
  let told = 0;
  let beating: NodeJS.Timeout | undefined;
  const beat = (): void => {
    told = batches;
    void tell({ kind: 'beat', batches });
  };
  const tellMetrics = async (): Promise<void> => tell({ kind: 'metrics', metrics: await metrics() });
  // The only thing that a runtime says is that it wants them.
  process.on('message', () => void tellMetrics());
  return {
    up(port) {
      void tell({ kind: 'up', port });
      beating = setInterval(beat, beatMs);
    },
    refuse: (reason) => tell({ kind: 'refused', reason }),
    completed() {
      batches += 1;
      // The first one after a beat is told at once: a crash may follow before the next beat.
      if (batches === told + 1) void tell({ kind: 'beat', batches });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(beating);
      await tellMetrics();
    },
  };
};
