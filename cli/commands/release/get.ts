import { Command } from 'commander';
import { z } from 'zod';
import {
  release as releaseSchema,
  type Signature,
  signature as signatureSchema,
  stateOf,
} from '../../answers.ts';
import { call, releasePath } from '../../gateway-client.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatPairs, formatTable } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';

const releaseAnswer = z.object({ release: releaseSchema });
const signatureAnswer = z.object({ signature: signatureSchema });

/** `sluice release get MODEL [SELECTOR]`, and `sluice models get`: a release, and how it is called. */
export const getCommand = (terminal: Terminal): Command =>
  new Command('get')
    .description('one release: state, digest, tensors and features')
    .argument('<model>')
    .argument(
      '[selector]',
      'a version, range, alias, digest or time; else the one that answers when none is asked for',
    )
    .option('--version <selector>', 'the same')
    .action(async (model: string, selector: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { version?: string }>();
      const gateway = gatewayOf(options, terminal);
      const path = releasePath('v1', model, selector ?? options.version);
      const [release, signature] = await Promise.all([
        call(gateway, 'GET', path),
        call(gateway, 'GET', `${path}/signature`),
      ]);
      const both = { ...z.looseObject({}).parse(signature), ...z.looseObject({}).parse(release) };
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(both, null, 2)}\n` : asTable(both),
      );
    });

const asTable = (answer: unknown): string => {
  const { release } = releaseAnswer.parse(answer);
  const { signature } = signatureAnswer.parse(answer);
  const head = formatPairs([
    ['model', release.release.name],
    ['version', release.release.version],
    ['digest', release.release.digest],
    ['state', stateOf(release)],
    ['aliases', release.aliases.join(', ')],
    ['description', release.description],
    ...Object.entries(release.provenance ?? {}),
    ['outputs', signature.outputNames.join(', ')],
  ]);
  return `${head}\n${tensorTable(signature)}${featureTable(signature)}`;
};

const tensorTable = ({ inputs, outputs }: Signature): string =>
  formatTable(
    ['TENSOR', 'DATATYPE', 'SHAPE', 'SIDE'],
    [
      ...inputs.map((tensor) => [tensor.name, tensor.datatype, JSON.stringify(tensor.shape), 'input']),
      ...outputs.map((tensor) => [tensor.name, tensor.datatype, JSON.stringify(tensor.shape), 'output']),
    ],
  );

const featureTable = ({ features }: Signature): string => {
  if (features.length === 0) return '';
  const rows = features.map((feature) => [
    feature.name,
    feature.type,
    feature.required ? 'yes' : '',
    feature.unit,
    feature.values.join(' | ') || feature.description,
  ]);
  return `\n${formatTable(['FEATURE', 'TYPE', 'REQUIRED', 'UNIT', 'VALUES'], rows)}`;
};
