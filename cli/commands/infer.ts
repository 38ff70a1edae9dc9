import { Command } from 'commander';
import { inference } from '../answers.ts';
import { usageFailure } from '../command-failure.ts';
import { call, releasePath } from '../gateway-client.ts';
import { readJsonObject } from '../json-input.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../options.ts';
import { formatTable, formatValue } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

interface InferOptions extends GlobalOptions {
  readonly file?: string;
  readonly input?: string;
  readonly shape?: string;
  readonly datatype: string;
  readonly version?: string;
}

/** `sluice infer MODEL`: tensors in, tensors out, by the Open Inference Protocol's V2 JSON. */
export const inferCommand = (terminal: Terminal): Command =>
  new Command('infer')
    .description('an inference on tensors')
    .argument('<model>')
    .option('-f, --file <file>', 'body of a V2 infer request: {"inputs": [...]}; - is stdin')
    .option('--input <name=json>', 'one tensor, flat or nested; for more than one use --file')
    .option('--shape <sizes>', 'its shape, such as 1,64; else that of the nested JSON')
    .option('--datatype <datatype>', 'its datatype', 'FP32')
    .option('--version <version>', 'a version, range, alias, digest or time; else the default')
    .action(async (model: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<InferOptions>();
      const path = `${releasePath('v2', model, options.version)}/infer`;
      const answer = await call(gatewayOf(options, terminal), 'POST', path, await bodyOf(options, terminal));
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : asTable(answer),
      );
    });

const bodyOf = async (options: InferOptions, terminal: Terminal): Promise<Record<string, unknown>> => {
  const { file, input } = options;
  if ((file === undefined) === (input === undefined)) throw usageFailure('give either --file or --input');
  if (file !== undefined) return await readJsonObject(file, terminal);
  return { inputs: [tensorOf(input ?? '', options)] };
};

const tensorOf = (text: string, { shape, datatype }: InferOptions) => {
  const split = text.indexOf('=');
  if (split < 1) throw usageFailure(`--input: expected name=json, got '${text}'`);
  const data = parseArray(text.slice(split + 1));
  const sizes = shape === undefined ? shapeOf(data) : shape.split(',').map(Number);
  if (!sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw usageFailure(`--shape: expected sizes such as 1,64, got '${shape}'`);
  }
  return { name: text.slice(0, split), datatype, shape: sizes, data: data.flat(Number.POSITIVE_INFINITY) };
};

const parseArray = (text: string): unknown[] => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Said below.
  }
  throw usageFailure(`--input: expected a JSON array behind the name, got '${text}'`);
};

/** Sizes along the first elements; whether the rest fits them, the gateway checks. */
const shapeOf = (data: unknown): number[] => (Array.isArray(data) ? [data.length, ...shapeOf(data[0])] : []);

const asTable = (answer: unknown): string => {
  const { model_name, model_version, outputs } = inference.parse(answer);
  const rows = outputs.map((output) => [
    output.name,
    output.datatype,
    JSON.stringify(output.shape),
    formatValue(output.data),
  ]);
  return `${model_name} ${model_version}\n\n${formatTable(['OUTPUT', 'DATATYPE', 'SHAPE', 'DATA'], rows)}`;
};
