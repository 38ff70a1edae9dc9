import { runMain } from '@sluice/kernel/lifecycle/run-main';
import { compose } from './compose.ts';
import { consumersSchema } from './config.ts';

await runMain({ name: 'consumers', schema: consumersSchema, compose });
