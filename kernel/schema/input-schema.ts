import { messageOf } from '../errors/message-of.ts';
import { maxViolations, type Violation } from '../errors/sluice-error.ts';
import { featuresOf } from '../features/features-of.ts';
import type { Features } from '../features/value.ts';
import type { Release } from '../release/release.ts';
import { type Coerce, compileCoercion } from './coerce.ts';
import { combineSchemas, withoutDefinitions } from './combine-schemas.ts';
import { contradictions } from './contradictions.ts';
import { createAjv } from './create-ajv.ts';
import { deriveSchema, givenFeatures } from './derive-schema.ts';
import { dialect, type JsonSchema } from './json-schema.ts';
import { patternLengths } from './pattern-lengths.ts';
import { type Described, unknownFeature, violationsOf } from './violations-of.ts';

type Checked = { readonly value: Features } | { readonly violations: readonly Violation[] };

/** What a release takes as named features. */
export interface InputSchema {
  /** JSON Schema 2020-12. */
  readonly text: string;
  /** The features as they are to be encoded, or every fault of them. */
  readonly check: (given: Features) => Checked;
  /** Compiles it now, which takes milliseconds; else the first check does. */
  readonly prepare: () => void;
}

export type SchemaSource = Pick<Release, 'model' | 'version' | 'manifest' | 'signature' | 'given'>;

/** Names that are no features, as many as can be told: ajv would make an error of each, and there may be millions. */
const unknownIn = (given: Features, names: ReadonlySet<string>): Violation[] => {
  const strange: string[] = [];
  for (const name in given) {
    if (names.has(name)) continue;
    strange.push(name);
    if (strange.length === maxViolations) break;
  }
  return strange.map((name) => unknownFeature(name, [...names]));
};

type Find = (features: Features) => readonly Violation[];

const compileSchema = ({ additionalProperties: _, ...schema }: JsonSchema, described: Described): Find => {
  const validate = createAjv(patternLengths(schema)).compile(schema);
  return (features) => (validate(features) ? [] : violationsOf(validate.errors ?? [], described));
};

const checkWith = (described: Described, coerce: Coerce, find: () => Find): InputSchema['check'] => {
  const names = new Set(described.given.keys());
  return (given) => {
    const value = coerce(given);
    const faults = find()(value);
    const strange = unknownIn(value, names);
    return faults.length === 0 && strange.length === 0 ? { value } : { violations: [...faults, ...strange] };
  };
};

/**
 * The schema of a release: what its features say, and its schema file, which can only narrow it. Features that a release
 * derives from others are none of it: they are computed from what was checked here. A schema that is derived from the
 * features is compiled by `prepare`, or when it is first needed.
 * @throws Error whose message names every fault of the schema file, and the file.
 */
export const inputSchema = (release: SchemaSource): InputSchema => {
  const { model, version, signature } = release;
  const file = release.given?.file;
  const own = release.given === undefined ? undefined : withoutDefinitions(release.given.schema);
  const features = featuresOf(release);
  const given = givenFeatures(features, signature.inputs);
  const derived = deriveSchema(given);
  const faults = own === undefined ? [] : contradictions(own, given);
  if (faults.length > 0) throw new Error(`${file}: ${faults.join('; ')}`);
  const schema = own === undefined ? derived : combineSchemas(derived, own);
  const described = {
    given: new Map(given.map((each) => [each.feature.name, each])),
    properties: derived['properties'] as Readonly<Record<string, JsonSchema>>,
  };
  let compiled: Find | undefined;
  const find = (): Find => {
    compiled ??= compileSchema(schema, described);
    return compiled;
  };
  try {
    if (own !== undefined) find();
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`, { cause: error });
  }
  return {
    text: JSON.stringify({ $schema: dialect, title: `${model} ${version}`, ...schema }),
    check: checkWith(described, compileCoercion(features), find),
    prepare: () => void find(),
  };
};
