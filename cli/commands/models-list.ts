import { Command } from 'commander';
import { modelList, stateOf } from '../answers.ts';
import { call } from '../gateway-client.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../options.ts';
import { formatTable } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

/** `sluice models list` */
export const modelsListCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('all models with their releases')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const answer = await call(gatewayOf(options, terminal), 'GET', '/v1/models');
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : asTable(answer),
      );
    });

const asTable = (answer: unknown): string => {
  const rows = modelList
    .parse(answer)
    .models.flatMap((model) =>
      model.releases.map((release) => [
        model.name,
        release.release.version,
        stateOf(release),
        release.isDefault ? 'yes' : '',
        release.description,
      ]),
    );
  return formatTable(['MODEL', 'VERSION', 'STATE', 'DEFAULT', 'DESCRIPTION'], rows);
};
