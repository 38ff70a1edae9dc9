import { runMain } from '@sluice/kernel/lifecycle/run-main';
import { compose } from './compose.ts';
import { gatewaySchema } from './config.ts';

await runMain({ name: 'gateway', schema: gatewaySchema, compose });
