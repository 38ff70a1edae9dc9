import { Enum, type Field, Type } from 'protobufjs';
import { type JsonSchema, schemaRef } from './operation.ts';

/** JSON Schemas of messages, made from their .proto files: names, types and comments. */

/** What google.protobuf's own messages are in JSON. */
const wellKnown: Readonly<Record<string, JsonSchema>> = {
  '.google.protobuf.Struct': { type: 'object' },
  '.google.protobuf.Value': {},
  '.google.protobuf.ListValue': { type: 'array' },
};

const scalars: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  bytes: { type: 'string', contentEncoding: 'base64' },
  bool: { type: 'boolean' },
  double: { type: 'number' },
  float: { type: 'number' },
};

const nameOf = ({ fullName }: Type): string => fullName.slice(1);

/** Takes a message's schema into account; gives the reference to it. */
type Add = (type: Type) => JsonSchema;

const singleSchema = (field: Field, add: Add): JsonSchema => {
  const type = field.resolvedType;
  if (type instanceof Enum) return { enum: Object.keys(type.values) };
  if (type instanceof Type) return wellKnown[type.fullName] ?? add(type);
  return scalars[field.type] ?? { type: 'integer' };
};

const fieldSchema = (field: Field, add: Add): JsonSchema => {
  const single = singleSchema(field.resolve(), add);
  const description = field.comment === null ? {} : { description: field.comment };
  if (field.map) return { type: 'object', additionalProperties: single, ...description };
  return field.repeated ? { type: 'array', items: single, ...description } : { ...single, ...description };
};

/** Schemas of a message's own fields, by the names that JSON has for them; fields that are messages are left away. */
export const propertiesOf = (type: Type): Record<string, JsonSchema> =>
  Object.fromEntries(
    type.fieldsArray
      .filter((field) => !(field.resolve().resolvedType instanceof Type))
      .map((field) => [field.jsonName, fieldSchema(field, () => ({}))]),
  );

/** Schemas of messages and of all that they hold, by full name; `propertyName` says how JSON calls a field. */
export const messageSchemas = (
  types: readonly Type[],
  propertyName: (field: Field) => string,
): Record<string, JsonSchema> => {
  const schemas: Record<string, JsonSchema> = {};
  const add: Add = (type) => {
    const name = nameOf(type);
    if (!(name in schemas)) {
      const properties: Record<string, JsonSchema> = {};
      schemas[name] = { type: 'object', properties };
      for (const field of type.fieldsArray)
        properties[propertyName(field.resolve())] = fieldSchema(field, add);
    }
    return schemaRef(name);
  };
  for (const type of types) add(type);
  return schemas;
};
