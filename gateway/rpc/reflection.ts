import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { readFileDescriptors } from '@sluice/kernel/rpc/file-descriptors';
import { service as health } from 'grpc-health-check';

type Definition = ConstructorParameters<typeof ReflectionService>[0];

/** Server reflection (v1 and v1alpha) for those services, and for grpc.health.v1. */
export const addReflection = (server: Server, services: readonly string[]): void => {
  const healthFiles = health['Check']?.requestType.fileDescriptorProtos ?? [];
  // @grpc/reflection reads nothing of a package definition but its files.
  const definition = { files: { fileDescriptorProtos: [...readFileDescriptors(), ...healthFiles] } };
  const names = [...services, 'grpc.health.v1.Health'];
  new ReflectionService(definition as unknown as Definition, { services: names }).addToServer(server);
};
