import { runMain } from '@sluice/kernel/lifecycle/run-main';
import { compose } from './compose.ts';
import { runtimeSchema } from './config.ts';

await runMain({ name: 'model-runtime', schema: runtimeSchema, compose });
