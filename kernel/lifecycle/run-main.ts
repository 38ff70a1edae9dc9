import type { z } from 'zod';
import { configure } from '../config/command-line.ts';
import type { commonShape, EnvironmentSchema } from '../config/environment.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { tuneGarbageCollection } from './garbage-collection.ts';
import { runProcess } from './run-process.ts';
import { keepTickShape } from './tick-shape.ts';

/** A schema that has what every process's configuration has. */
type ProcessSchema = EnvironmentSchema & z.ZodObject<typeof commonShape>;

export interface MainOptions<S extends ProcessSchema> {
  readonly name: string;
  readonly schema: S;
  readonly compose: (config: z.infer<S>, log: Log, stack: AsyncDisposableStack) => Promise<void>;
}

/** A process from its command line to its exit. */
export const runMain = async <S extends ProcessSchema>({
  name,
  schema,
  compose,
}: MainOptions<S>): Promise<void> => {
  tuneGarbageCollection();
  keepTickShape();
  const config = configure({
    name,
    schema,
    env: process.env,
    args: process.argv.slice(2),
    print: (line) => console.log(line),
    exit: (code) => process.exit(code),
  });
  const { SLUICE_ENVIRONMENT: environment, LOG_LEVEL: level, DRAIN_MS: drainMs } = config;
  const log = createLog({ process: name, environment, level });
  await runProcess({ log, drainMs, start: (stack) => compose(config, log, stack) });
};
