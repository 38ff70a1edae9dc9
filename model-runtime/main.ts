import { configure } from '@sluice/kernel/config/command-line';
import { runProcess } from '@sluice/kernel/lifecycle/run-process';
import { createLog } from '@sluice/kernel/telemetry/log';
import { compose } from './compose.ts';
import { runtimeSchema } from './config.ts';

const config = configure({
  name: 'model-runtime',
  schema: runtimeSchema,
  env: process.env,
  args: process.argv.slice(2),
  print: (line) => console.log(line),
  exit: (code) => process.exit(code),
});
const log = createLog({
  process: 'model-runtime',
  environment: config.SLUICE_ENVIRONMENT,
  level: config.LOG_LEVEL,
});

await runProcess({ log, drainMs: config.DRAIN_MS, start: (stack) => compose(config, log, stack) });
