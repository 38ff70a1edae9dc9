import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { loaderOptions } from '@sluice/protos/loader-options';
import { Enum, type Field, Type } from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

type Json = Readonly<Record<string, unknown>>;

/** A message shows what came, up to so many characters. */
const shownCharacters = 300;

/**
 * proto3 JSON as the message that the gRPC door gets for the same request; lowerCamelCase and the
 * names of the .proto file are both accepted.
 * @throws SluiceError MALFORMED_REQUEST naming the field
 */
export const fromProtoJson = <Message>(type: Type, json: unknown): Message => {
  try {
    return type.toObject(protojson.fromJson(type, json), loaderOptions) as Message;
  } catch (error) {
    const message = messageOf(error).replaceAll(/\.?(sluice\.v1|google\.protobuf)\./g, '');
    throw new SluiceError('MALFORMED_REQUEST', message.slice(0, shownCharacters));
  }
};

const isOpen = (type: unknown): type is Type =>
  type instanceof Type && !type.fullName.startsWith('.google.protobuf.');

/** What an absent field means; undefined: that it is absent (messages, members of a oneof). */
const absent = (field: Field): unknown => {
  if (field.map) return {};
  if (field.repeated) return [];
  if (field.partOf !== null || field.resolvedType instanceof Type) return undefined;
  if (field.resolvedType instanceof Enum) return field.resolvedType.valuesById[0];
  return field.defaultValue as unknown;
};

const complete = (type: Type, json: Json): Json => {
  const whole: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const value = json[field.resolve().jsonName] ?? absent(field);
    if (value !== undefined) whole[field.jsonName] = completeValue(field, value);
  }
  return whole;
};

const completeValue = (field: Field, value: unknown): unknown => {
  const type = field.resolvedType;
  if (!isOpen(type)) return value;
  return field.repeated
    ? (value as Json[]).map((each) => complete(type, each))
    : complete(type, value as Json);
};

/** A message as proto3 JSON, with the fields that hold their default. */
export const toProtoJson = (type: Type, message: object): Json =>
  complete(type, protojson.toJson(type, message) as Json);
