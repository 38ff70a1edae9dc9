import { runMain } from '@sluice/kernel/lifecycle/run-main';
import { compose } from './compose.ts';
import { databaseSchema } from './config.ts';

await runMain({ name: 'database', schema: databaseSchema, compose });
