import { readFileSync } from 'node:fs';
import { storeUrlOf } from '@sluice/kernel/config/environment';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { unreadableFile } from './command-failure.ts';
import type { GatewayOptions } from './gateway-client.ts';
import type { Terminal } from './terminal.ts';

export type OutputFormat = 'json' | 'table';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly output?: OutputFormat;
  readonly server?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly store?: string;
  readonly tlsCa?: string;
}

const DEFAULT_SERVER = 'http://127.0.0.1:8000';
const DEFAULT_TIMEOUT_S = 30;

const globalOptions = (): readonly Option[] => [
  new Option('-o, --output <format>', 'json or table').choices(['json', 'table']),
  new Option('--server <url>', `the gateway (SLUICE_SERVER, ${DEFAULT_SERVER})`).argParser(parseUrl),
  new Option('--timeout <seconds>', `longest wait for the gateway (${DEFAULT_TIMEOUT_S})`).argParser(
    parseSeconds,
  ),
  new Option(
    '--tls-ca <file>',
    'PEM file of the certificates that are trusted (SLUICE_TLS_CA, the well-known ones)',
  ),
  new Option('--store <url>', 'the store of releases and revisions (STORE_URL, file:.sluice/store)'),
];

/**
 * Adds the global options: to the program and to each command, as commander knows no options for both places. A
 * command with an --output of its own, such as a file, keeps it.
 */
export const addGlobalOptions = (command: Command): Command => {
  const own = new Set(command.options.map(({ long }) => long));
  for (const option of globalOptions()) if (!own.has(option.long)) command.addOption(option);
  return command;
};

/** A table for humans, JSON for programs, unless the user says which. */
export const outputOf = (options: GlobalOptions, terminal: Terminal): OutputFormat =>
  options.output ?? (terminal.isInteractive ? 'table' : 'json');

export const gatewayOf = (options: GlobalOptions, { environment }: Terminal): GatewayOptions => ({
  server: options.server ?? parseUrl(environment['SLUICE_SERVER'] || DEFAULT_SERVER),
  timeoutMs: (options.timeout ?? DEFAULT_TIMEOUT_S) * 1000,
  tlsRoots: rootsIn(options.tlsCa ?? (environment['SLUICE_TLS_CA'] || undefined)),
});

const rootsIn = (path: string | undefined): Buffer | undefined => {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadableFile(path, error);
  }
};

export const storeOf = (options: GlobalOptions, { environment }: Terminal): string =>
  options.store ??
  storeUrlOf({
    SLUICE_HOME: environment['SLUICE_HOME'] || '.sluice',
    STORE_URL: environment['STORE_URL'] || undefined,
  });

const parseUrl = (text: string): string => {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError(`expected a URL such as ${DEFAULT_SERVER}, got '${text}'`);
  }
  return text;
};

const parseSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError(`expected seconds, got '${text}'`);
  return seconds;
};
