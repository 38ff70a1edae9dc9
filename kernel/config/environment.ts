import { z } from 'zod';
import { violationsOf } from './zod-faults.ts';

/** A process's environment: one zod schema whose keys are the variables' names, each described. */
export type EnvironmentSchema = z.ZodObject<Record<string, z.ZodType>>;

export type Loaded<S extends EnvironmentSchema> =
  | { readonly value: z.infer<S> }
  | { readonly error: string[] };

/** Parses the environment whole; an empty variable counts as unset; all faults are reported at once. */
export const loadEnvironment = <S extends EnvironmentSchema>(
  schema: S,
  env: NodeJS.ProcessEnv,
): Loaded<S> => {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) =>
      env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]],
    ),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return { value: parsed.data };
  return {
    error: violationsOf(parsed.error).map(
      ({ path, message }) => `${path}: ${message}${came(path, given[path])}`,
    ),
  };
};

/** Whether a variable's value is shown to nobody. */
export const isSecret = (variable: string): boolean => /SECRET|TOKEN|PASSWORD|KEY/.test(variable);

/** A value as it may be shown: a URL without its password. */
export const shownValue = (variable: string, value: string): string =>
  isSecret(variable) ? '[redacted]' : value.replace(/(:\/\/[^\s:/@]*:)[^\s/@]*@/, '$1[redacted]@');

const came = (variable: string, value: string | undefined): string => {
  if (value === undefined) return '';
  const shown = shownValue(variable, value);
  return isSecret(variable) ? `, got ${shown}` : `, got '${shown}'`;
};

const integer = (name: string, min: number, max: number) =>
  z.coerce
    .number(`expected ${name}`)
    .int(`expected ${name}`)
    .min(min, `expected ${name} of at least ${min}`)
    .max(max, `expected ${name} of at most ${max}`);

/** Kinds of variables. */
export const port = () => integer('a port number', 0, 65_535);
export const count = (min = 1, max = Number.MAX_SAFE_INTEGER) => integer('a whole number', min, max);
export const durationMs = (min = 0) => integer('milliseconds', min, 2 ** 31 - 1);
export const flag = () =>
  z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'expected true or false' });
export const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** What every process understands. */
export const commonShape = {
  SLUICE_HOME: z.string().default('.sluice').describe('folder for state'),
  SLUICE_ENVIRONMENT: z
    .enum(['dev', 'staging', 'prod'])
    .default('dev')
    .describe('is in every span, metric and log line'),
  STORE_URL: z
    .string()
    .optional()
    .describe('store of releases and revisions, file: or s3:; default file:<SLUICE_HOME>/store'),
  STORE_CACHE: z
    .string()
    .optional()
    .describe(
      "folder for what is fetched from an s3: store; default sluice-store in the system's temporary folder",
    ),
  STORE_CACHE_BYTES: count()
    .default(10 * 1024 ** 3)
    .describe('what that folder may hold; the least recently used releases go first'),
  BIND_HOST: z.string().default('127.0.0.1').describe('address that is bound'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('least level of a log line'),
  DRAIN_MS: durationMs()
    .default(10_000)
    .describe('longest wait for what is in flight when the process stops'),
};

/** How openStore is to keep what it fetches. */
export const storeCacheOf = (config: {
  readonly STORE_CACHE?: string | undefined;
  readonly STORE_CACHE_BYTES: number;
}) => ({ folder: config.STORE_CACHE, maxBytes: config.STORE_CACHE_BYTES });

export const storeUrlOf = (config: {
  readonly SLUICE_HOME: string;
  readonly STORE_URL?: string | undefined;
}): string => config.STORE_URL ?? `file:${config.SLUICE_HOME}/store`;
