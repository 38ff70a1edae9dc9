import { z } from 'zod';

/** The gateway's answers about streams (proto3 JSON of sluice.v1), as far as commands look at them. */

const text = z.string().default('');
const number = z.number().default(0);

const partition = z.object({
  topic: text,
  partition: number,
  scorer: text,
  committed: text,
  end: text,
  lagMessages: number,
  lagSeconds: number,
  rate: number,
  inWindow: number,
  maxWindow: number,
  scored: number,
  refused: number,
  filtered: number,
  unchanged: number,
  deadLetters: number,
  retries: number,
  lastError: text,
  lastErrorTime: text,
});
export type PartitionAnswer = z.infer<typeof partition>;

export const streamAnswer = z.object({
  name: text,
  from: z.array(z.string()).default([]),
  to: text,
  model: text,
  version: text,
  delivery: text,
  state: text,
  lastError: text,
  lastErrorTime: text,
  partitions: z.array(partition).default([]),
  lagMessages: number,
  lagSeconds: number,
  rate: number,
  replayOf: text,
});
export type StreamAnswer = z.infer<typeof streamAnswer>;

export const streamList = z.object({ streams: z.array(streamAnswer).default([]) });
