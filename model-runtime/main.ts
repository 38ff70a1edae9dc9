import { runMain } from '@sluice/kernel/lifecycle/run-main';
import { compose } from './compose.ts';
import { composeCell } from './compose-cell.ts';
import { cellSchema, runtimeSchema } from './config.ts';

// A runtime starts this same program as the cell of one release, and says so in its environment.
if (process.env['CELL_RELEASE'] === undefined)
  await runMain({ name: 'model-runtime', schema: runtimeSchema, compose });
else await runMain({ name: 'cell', schema: cellSchema, compose: composeCell });
