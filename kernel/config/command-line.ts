import type { z } from 'zod';
import { type EnvironmentSchema, loadEnvironment, shownValue } from './environment.ts';

/** sysexits.h: EX_USAGE. */
export const exitUsage = 64;
/** sysexits.h: EX_UNAVAILABLE, for a port in use. */
export const exitUnavailable = 69;

export interface Invocation<S extends EnvironmentSchema> {
  readonly name: string;
  readonly schema: S;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly print: (line: string) => void;
  readonly exit: (code: number) => never;
}

/**
 * A process's configuration, from its environment.
 * `--help` lists the variables, `--print-config` shows each value with its origin, `--check` only
 * checks; each of them ends the process, as a fault does, with exit code 64.
 */
export const configure = <S extends EnvironmentSchema>(invocation: Invocation<S>): z.infer<S> => {
  const { name, schema, env, args, print, exit } = invocation;
  if (args.includes('--help')) {
    for (const line of helpOf(name, schema)) print(line);
    return exit(0);
  }
  const unknown = args.find((arg) => !['--print-config', '--check'].includes(arg));
  const loaded = loadEnvironment(schema, env);
  const faults = [
    ...(unknown === undefined ? [] : [`unknown argument ${unknown}`]),
    ...('error' in loaded ? loaded.error : []),
  ];
  if (faults.length > 0 || 'error' in loaded) {
    for (const fault of faults) print(`${name}: ${fault}`);
    return exit(exitUsage);
  }
  if (args.includes('--print-config')) for (const line of shownConfig(loaded.value, env)) print(line);
  return args.length > 0 ? exit(0) : loaded.value;
};

const helpOf = (name: string, schema: EnvironmentSchema): string[] => [
  `${name} takes its configuration from the environment. Arguments: --help, --print-config, --check`,
  '',
  ...Object.entries(schema.shape).map(([variable, type]) => `  ${variable.padEnd(28)}${describe(type)}`),
];

const describe = (type: z.ZodType): string => {
  const fallback = type.safeParse(undefined);
  const shown = fallback.success ? String(fallback.data ?? '') : '';
  const suffix = shown === '' ? '' : ` (default ${shown})`;
  return `${type.description ?? ''}${suffix}`;
};

const shownConfig = (config: Record<string, unknown>, env: NodeJS.ProcessEnv): string[] =>
  Object.entries(config).map(([variable, value]) => {
    const shown = shownValue(variable, String(value));
    return `${variable}=${shown}  # ${env[variable] === undefined || env[variable] === '' ? 'default' : 'environment'}`;
  });
