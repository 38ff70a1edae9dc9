import { Command } from 'commander';
import { z } from 'zod';
import { modelList, stateOf } from '../../answers.ts';
import { CommandFailure, exitCodes } from '../../command-failure.ts';
import { call } from '../../gateway-client.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatTable } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';

/** `sluice release list [MODEL]`, and `sluice models list` */
export const listCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('the releases of all models, or of one')
    .argument('[model]')
    .action(async (model: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const whole = await call(gatewayOf(options, terminal), 'GET', '/v1/models');
      const answer = model === undefined ? whole : onlyModel(whole, model);
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : asTable(answer),
      );
    });

/** The same answer with one model in it. */
const onlyModel = (answer: unknown, model: string): unknown => {
  const { models = [] } = z
    .object({ models: z.array(z.looseObject({ name: z.string() })).optional() })
    .parse(answer);
  const found = models.filter(({ name }) => name === model);
  if (found.length > 0) return { models: found };
  const known = models.map(({ name }) => name).join(', ') || 'none';
  throw new CommandFailure(`there is no model ${model}; there are: ${known}`, {
    code: 'MODEL_NOT_FOUND',
    exitCode: exitCodes.failed,
  });
};

const asTable = (answer: unknown): string => {
  const rows = modelList
    .parse(answer)
    .models.flatMap((model) =>
      model.releases.map((release) => [
        model.name,
        release.release.version,
        stateOf(release),
        release.isDefault ? 'yes' : '',
        release.aliases.join(', '),
        release.description,
      ]),
    );
  return formatTable(['MODEL', 'VERSION', 'STATE', 'DEFAULT', 'ALIASES', 'DESCRIPTION'], rows);
};
