import semver from 'semver';
import { parseVersion } from '../release/version.ts';
import type { Store } from '../store/store.ts';
import type { SchemaFile } from './keywords.ts';
import { parseSchema } from './parse-schema.ts';

/** The schema that a release is given beyond its features. */
export interface GivenSchema {
  /** As messages name it: schema.json, or ../schemas/2.1.json. */
  readonly file: string;
  readonly schema: SchemaFile;
}

interface RangedSchema extends GivenSchema {
  readonly range: semver.Range;
}

/** Beside a model's releases, and in no release's digest. */
export const schemasFolder = 'schemas';
const options = { includePrerelease: true };

const rangedSchema = async (store: Store, model: string, path: string): Promise<RangedSchema> => {
  const file = `../${schemasFolder}/${path}`;
  const schema = parseSchema(file, await store.read(`${model}/${schemasFolder}/${path}`));
  const { versions } = schema;
  if (versions === undefined)
    throw new Error(`${file}: versions: missing; expected the releases that it is for, such as "2.1.x"`);
  if (semver.validRange(versions) === null)
    throw new Error(`${file}: versions: expected a range such as "2.1.x", got '${versions}'`);
  const range = new semver.Range(versions, options);
  if (semver.minVersion(range) === null)
    throw new Error(`${file}: versions: nothing is within '${versions}'`);
  return { file, schema, range };
};

/** Whether every version of one range is in the other. */
const isWithin = (one: RangedSchema, other: RangedSchema): boolean =>
  semver.subset(one.range, other.range, options);

/** The one whose range lies within all others and is none of theirs. */
const mostSpecific = (schemas: readonly RangedSchema[]): RangedSchema | undefined => {
  const least = schemas.filter((one) => schemas.every((other) => isWithin(one, other)));
  if (least.length <= 1 && (least.length === 1 || schemas.length === 0)) return least[0];
  const rivals = least.length > 1 ? least : schemas;
  const told = rivals.map(({ file, schema }) => `${file} (${schema.versions})`).join(' and ');
  throw new Error(`${told} are equally specific; say versions of which one lies within the other`);
};

/**
 * The schema of a release: its own schema.json, else the file of its model whose `versions` are the most specific;
 * undefined: there is none.
 * @param own the release's schema.json
 * @throws Error naming the files that cannot be read, or that are equally specific.
 */
export const findSchema = async (
  store: Store,
  model: string,
  version: string,
  own: Buffer | undefined,
): Promise<GivenSchema | undefined> => {
  if (own !== undefined) return ownSchema(own);
  const paths = (await store.files(`${model}/${schemasFolder}`))
    .filter((path) => path.endsWith('.json'))
    .sort();
  const schemas = await Promise.all(paths.map((path) => rangedSchema(store, model, path)));
  const parsed = parseVersion(version);
  return mostSpecific(schemas.filter(({ range }) => parsed !== undefined && range.test(parsed)));
};

const ownSchema = (bytes: Buffer): GivenSchema => {
  const file = 'schema.json';
  const schema = parseSchema(file, bytes);
  if (schema.versions === undefined) return { file, schema };
  throw new Error(`${file}: versions: only a file in ${schemasFolder}, beside the releases, has it`);
};
