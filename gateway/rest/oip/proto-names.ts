import { type Field, Type } from 'protobufjs';

type Plain = Readonly<Record<string, unknown>>;

const options = { defaults: true, arrays: true, objects: true, enums: String, longs: Number };

const renamedValue = (field: Field, value: unknown): unknown => {
  const type = field.resolvedType;
  if (!(type instanceof Type)) return value;
  if (field.repeated) return (value as Plain[]).map((each) => rename(type, each));
  if (!field.map) return rename(type, value as Plain);
  return Object.fromEntries(
    Object.entries(value as Plain).map(([key, each]) => [key, rename(type, each as Plain)]),
  );
};

const rename = (type: Type, message: Plain): Plain => {
  const renamed: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const value = message[field.name];
    if (value !== null && value !== undefined)
      renamed[field.resolve().protoName] = renamedValue(field, value);
  }
  return renamed;
};

/**
 * A message as Triton writes it in JSON: names as in the .proto file, every field that is not a
 * message of its own (defaults too), enums by name, 64-bit integers as numbers.
 */
export const protoNames = (type: Type, message: object): Plain =>
  rename(type, type.toObject(type.fromObject(message), options));
