import { Command } from 'commander';
import { z } from 'zod';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { ask } from '../gateway-client.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../options.ts';
import { formatPairs } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

/** `sluice health`: exit 0 if the gateway is ready. */
export const healthCommand = (terminal: Terminal): Command =>
  new Command('health')
    .description('whether the gateway is alive and ready')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const gateway = gatewayOf(options, terminal);
      const paths = ['/livez', '/readyz', '/health'];
      const [live, ready, health] = await Promise.all(paths.map((path) => ask(gateway, 'GET', path)));
      const report = { live: live?.status === 200, ready: ready?.status === 200, health: health?.body };
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(report, null, 2)}\n` : asTable(report),
      );
      if (report.live && report.ready) return;
      throw new CommandFailure(`the gateway at ${gateway.server} is not ready`, {
        code: 'NOT_READY',
        exitCode: exitCodes.failed,
      });
    });

const asTable = ({ health, ...report }: { live: boolean; ready: boolean; health: unknown }): string => {
  const details = z.record(z.string(), z.unknown()).safeParse(health);
  return formatPairs([
    ...Object.entries(report).map(([name, is]) => [name, is ? 'yes' : 'no'] as const),
    ...Object.entries(details.data ?? {}),
  ]);
};
