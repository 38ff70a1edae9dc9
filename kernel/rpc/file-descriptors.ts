import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptorsFile, protoDirectory } from '@sluice/protos/loader-options';
import descriptor from 'protobufjs/ext/descriptor.js';

/** FileDescriptorProtos of our .proto files and of what they import, as buf compiled them. */
export const readFileDescriptors = (): Buffer[] => {
  const bytes = readFileSync(join(protoDirectory, 'gen', descriptorsFile));
  const { file } = descriptor.FileDescriptorSet.toObject(descriptor.FileDescriptorSet.decode(bytes));
  return (file as object[]).map((each) => {
    const message = descriptor.FileDescriptorProto.fromObject(each);
    return Buffer.from(descriptor.FileDescriptorProto.encode(message).finish());
  });
};
