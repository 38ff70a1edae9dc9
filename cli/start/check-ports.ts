import { createServer } from 'node:net';
import type { BoundAddress, ProcessSpec } from './process-spec.ts';

/** Why the ports of a process table cannot be bound, one line each; empty: all are free. */
export const findPortFaults = async (processes: readonly ProcessSpec[]): Promise<string[]> => {
  const checks = processes.flatMap((spec) =>
    spec.addresses.map(async (address) => describeFault(spec.name, address, await tryToBind(address))),
  );
  return (await Promise.all(checks)).filter((fault) => fault !== undefined);
};

/** The error code of a trial bind, or undefined if the port is free. */
const tryToBind = ({ host, port }: BoundAddress): Promise<string | undefined> => {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  return promise;
};

const describeFault = (
  process: string,
  address: BoundAddress,
  code: string | undefined,
): string | undefined => {
  if (code === undefined) return undefined;
  const { host, port, label, variable } = address;
  const what = `port ${port} on ${host} (${label} of ${process})`;
  if (code === 'EADDRINUSE') {
    return `${what} is in use by another program: set ${variable} to a free port, or SLUICE_PORT_OFFSET to shift all ports`;
  }
  if (code === 'EACCES') return `${what} needs more rights: set ${variable} to a port above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${what} cannot be bound, ${host} is no address of this machine: check BIND_HOST`;
  }
  return `${what} cannot be bound (${code}): check ${variable} and BIND_HOST`;
};
