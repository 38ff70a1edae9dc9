import fc, { type Arbitrary } from 'fast-check';
import { Enum, type Field, Type } from 'protobufjs';

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', minLength: 30, maxLength: 200 }));

const scalars: Readonly<Record<string, Arbitrary<unknown>>> = {
  string: text,
  bool: fc.boolean(),
  uint32: fc.oneof(fc.nat(300), fc.nat(0xffffffff)),
  int32: fc.oneof(fc.integer({ min: -2, max: 300 }), fc.integer()),
  double: fc.double({ noNaN: true }),
  bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
};

/** How deep messages hold messages of their own type. */
const maxDepth = 3;

const anyOne = (field: Field, depth: number): Arbitrary<unknown> => {
  const { resolvedType, type } = field.resolve();
  if (resolvedType instanceof Type) return anyMessage(resolvedType, depth + 1);
  if (resolvedType instanceof Enum) return fc.constantFrom(...Object.keys(resolvedType.values));
  const found = scalars[type];
  if (found === undefined) throw new Error(`${field.fullName}: there is nothing that makes a ${type}`);
  return found;
};

const anyOf = (field: Field, depth: number): Arbitrary<unknown> => {
  const one = anyOne(field, depth);
  if (field.map) return fc.dictionary(text, one, { maxKeys: 3 });
  return field.repeated ? fc.array(one, { maxLength: 3 }) : one;
};

/** Plain objects that are messages of a type, with every field that its schema has, at most one of each oneof. */
export const anyMessage = (type: Type, depth = 0): Arbitrary<Readonly<Record<string, unknown>>> => {
  const fields = type.fieldsArray.filter(
    (field) => !(field.resolve().resolvedType instanceof Type) || depth < maxDepth,
  );
  const alone = fields.filter(({ partOf }) => partOf === null);
  const parts: Arbitrary<Readonly<Record<string, unknown>>>[] = [
    fc.record(Object.fromEntries(alone.map((field) => [field.name, anyOf(field, depth)])), {
      requiredKeys: [],
    }),
  ];
  for (const { fieldsArray } of type.oneofsArray) {
    const choices = fieldsArray.filter((field) => fields.includes(field));
    const one = choices.map((field) => anyOf(field, depth).map((value) => ({ [field.name]: value })));
    parts.push(fc.oneof(fc.constant({}), ...one));
  }
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all));
};
