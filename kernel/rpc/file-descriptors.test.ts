import assert from 'node:assert/strict';
import { test } from 'node:test';
import descriptor from 'protobufjs/ext/descriptor.js';
import { readFileDescriptors } from './file-descriptors.ts';

interface File {
  readonly name: string;
  readonly dependency: readonly string[];
}

test('every file that a file depends on is there, so that a strict reflection client can link them', () => {
  const files = readFileDescriptors().map(
    (bytes) =>
      descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes), {
        arrays: true,
      }) as File,
  );
  const names = files.map(({ name }) => name);
  for (const name of [
    'inference/grpc_service.proto',
    'sluice/v1/prediction_service.proto',
    'google/protobuf/struct.proto',
  ]) {
    assert.ok(names.includes(name), name);
  }
  for (const dependency of files.flatMap(({ dependency }) => dependency))
    assert.ok(names.includes(dependency), dependency);
});
