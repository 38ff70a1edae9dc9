import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';

/** A name or an address, of the sixth version in brackets, and a port. */
const address = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i;
const maxPort = 65_535;

const isAddress = (text: string): boolean => {
  const port = Number(address.exec(text)?.[1] ?? 0);
  return port > 0 && port <= maxPort;
};

/** The addresses of a file of runtimes: one a line, what follows a # is a comment. */
export const parseRuntimes = (text: string): Parsed<string[]> => {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const faults = lines.flatMap((line, index) =>
    line === '' || isAddress(line) ? [] : [`line ${index + 1}: expected host:port, got '${line}'`],
  );
  const addresses = [...new Set(lines.filter((line) => line !== ''))];
  // A file that is just being written looks like this, too.
  if (addresses.length === 0) faults.push('it names no runtime');
  return faults.length > 0 ? { error: faults.join('; ') } : { value: addresses };
};
