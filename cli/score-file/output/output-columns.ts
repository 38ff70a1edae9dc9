import { z } from 'zod';
import type { Column, ColumnKind } from '../../export/column-set.ts';

/** What an output schema (JSON Schema, made by the gateway) says of columns. */
interface Schema {
  readonly type?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
}

const schemaOf: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    properties: z.record(z.string(), schemaOf).optional(),
    anyOf: z.array(schemaOf).optional(),
  }),
);

interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

const kindOfType = (type: string | undefined): ColumnKind =>
  type === 'number' || type === 'boolean' ? type : 'text';

const kindOf = (schema: Schema): ColumnKind => {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (values === undefined) return kindOfType(schema.type);
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  return types.size === 1 ? kindOfType(type) : 'text';
};

/** Behind the batch axis there is one element. */
const isSingle = ({ shape }: TensorShape): boolean => shape.slice(1).every((size) => size === 1);

const columnsOf = (name: string, schema: Schema, tensor: TensorShape | undefined): Column[] => {
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([part, inner]) =>
      columnsOf(`${name}.${part}`, inner, undefined),
    );
  const [single] = schema.anyOf ?? [];
  if (single !== undefined)
    return [{ name, kind: tensor !== undefined && isSingle(tensor) ? kindOf(single) : 'text' }];
  return [{ name, kind: kindOf(schema) }];
};

/**
 * The columns of a release's outputs: those of an object have columns of their own (output.interval.lower), lists are
 * JSON text.
 */
export const outputColumns = (outputSchema: unknown, tensors: readonly TensorShape[]): Column[] =>
  Object.entries(schemaOf.parse(outputSchema).properties ?? {}).flatMap(([name, schema]) =>
    columnsOf(
      `output.${name}`,
      schema,
      tensors.find((tensor) => tensor.name === name),
    ),
  );
