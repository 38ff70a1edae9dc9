import type { Type } from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

/** A message as the proto3 JSON mapping has it, by a library that knows the whole mapping. */
export const canonicalJson = (type: Type, message: object): unknown => protojson.toJson(type, message);
