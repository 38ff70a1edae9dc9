import type { Job } from '../core/job.ts';

/** The runtime's own way to one of its cells: for jobs that came to the runtime itself. */
export interface CellLink {
  /** Jobs without an answer. */
  readonly inFlight: number;
  /** False once the cell drains. */
  readonly open: boolean;
  /** Sends a job, which is settled when its answer comes or the cell is lost; the result cancels it. */
  submit(job: Job): () => void;
  close(): void;
}
