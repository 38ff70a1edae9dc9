import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseVersion } from '@sluice/kernel/release/version';
import { Command, InvalidArgumentError } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { firstPackage, writePackage } from '../../first-manifest/first-package.ts';
import { type GlobalOptions, outputOf } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface InitOptions extends GlobalOptions {
  readonly model?: string;
  readonly version: string;
  readonly out?: string;
}

/** `sluice release init MODEL.ONNX`: a package that is valid as it is, to be filled in. */
export const initCommand = (terminal: Terminal): Command =>
  new Command('init')
    .description('a first package from an ONNX file: the graph, and a sluice.yaml to fill in')
    .argument('<file>', 'the ONNX file')
    .option('--model <name>', "the model's name; else as the file is called", parseModel)
    .option('--version <version>', "the release's version", parseReleaseVersion, '1.0.0')
    .option('--out <folder>', 'where to; else <model>/<version>')
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<InitOptions>();
      const name = { model: options.model ?? modelOf(file), version: options.version };
      const folder = options.out ?? join(name.model, name.version);
      const files = await writePackage(folder, file, await firstPackage(file, name));
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(
        isJson ? `${JSON.stringify({ ...name, folder, files }, null, 2)}\n` : nextSteps(folder, files),
      );
    });

const nextSteps = (folder: string, files: readonly string[]): string =>
  [
    `${folder} has ${files.join(' and ')} now. Fill in sluice.yaml, then`,
    `  sluice release validate ${folder}`,
    `  sluice release test ${folder}`,
    '',
  ].join('\n');

const isModelName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);

const parseModel = (text: string): string => {
  if (!isModelName(text))
    throw new InvalidArgumentError(`expected letters, digits, dot, dash or underscore, got '${text}'`);
  return text;
};

const parseReleaseVersion = (text: string): string => {
  if (parseVersion(text) === undefined)
    throw new InvalidArgumentError(`expected a semantic version, got '${text}'`);
  return text;
};

/** `car-price.onnx` is car-price; a model.onnx is called as its folder. */
const modelOf = (file: string): string => {
  const own = basename(file, extname(file));
  const text = own === 'model' ? basename(dirname(resolve(file))) : own;
  const name = text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[^A-Za-z0-9]+/g, '');
  if (name === '') throw usageFailure(`${file} suggests no name: give --model`);
  return name;
};
