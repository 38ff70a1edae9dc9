/** The host under which this machine reaches what is bound to `bindHost`; IPv6 in brackets. */
export const reachable = (bindHost: string): string => {
  if (bindHost === '0.0.0.0') return '127.0.0.1';
  if (bindHost === '::') return '[::1]';
  return bindHost.includes(':') ? `[${bindHost}]` : bindHost;
};
