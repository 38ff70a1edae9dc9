import { z } from 'zod';
import { valueIn } from './field-schema.ts';

/** A choice between kinds that no single field tells apart. */
export interface FoundUnion {
  readonly path: readonly PropertyKey[];
  readonly options: readonly z.ZodType[];
}

type Schema = z.core.$ZodType;

const unwrapped = (schema: Schema): Schema => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return unwrapped(schema.def.innerType);
  return schema instanceof z.ZodLazy ? unwrapped(schema.def.getter()) : schema;
};

/** The option whose field has the value's word, such as `type: number`. */
const told = (schema: z.ZodDiscriminatedUnion, value: unknown): Schema | undefined => {
  const { options, discriminator } = schema.def;
  return options.find((option) => {
    const field = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return field instanceof z.ZodType && field.safeParse(valueIn(value, discriminator)).success;
  });
};

const below = (schema: Schema, key: PropertyKey): Schema | undefined => {
  if (schema instanceof z.ZodObject)
    return Object.hasOwn(schema.shape, key) ? schema.shape[String(key)] : undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodTuple ? schema.def.items[Number(key)] : undefined;
};

/** The outermost one on the way to a field; undefined: there is none. */
export const findUnion = (
  schema: Schema,
  value: unknown,
  path: readonly PropertyKey[],
): FoundUnion | undefined => {
  let [at, came]: [Schema | undefined, unknown] = [schema, value];
  for (let depth = 0; depth <= path.length; depth += 1) {
    at = at && unwrapped(at);
    if (at instanceof z.ZodDiscriminatedUnion) at = told(at, came);
    else if (at instanceof z.ZodUnion)
      return { path: path.slice(0, depth), options: at.options.filter((each) => each instanceof z.ZodType) };
    const key = path[depth];
    if (at === undefined || key === undefined) return undefined;
    at = below(at, key);
    came = valueIn(came, key);
  }
  return undefined;
};
