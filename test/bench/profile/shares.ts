/** A CPU profile as V8 writes it (chromedevtools.github.io/devtools-protocol/v8/Profiler). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** By sample, the node that was on top of the stack. */
  readonly samples: readonly number[];
  /** By sample, microseconds since the one before. */
  readonly timeDeltas: readonly number[];
}

type Frame = CpuProfile['nodes'][number]['callFrame'];

/** The first that fits names the part. What protobufjs makes of a message type has no file, and a name with a `$`. */
const parts: readonly (readonly [part: string, fits: (frame: Frame) => boolean])[] = [
  ['idle', ({ functionName }) => functionName === '(idle)'],
  ['garbage collector', ({ functionName }) => functionName === '(garbage collector)'],
  ['grpc-js', ({ url }) => url.includes('/node_modules/@grpc/grpc-js/')],
  [
    'protobuf',
    ({ functionName, url }) =>
      /\/node_modules\/(@grpc\/proto-loader|@?protobufjs|long)\//.test(url) ||
      (url === '' && functionName.includes('$')),
  ],
  ['layers of the gateway', ({ url }) => url.includes('/gateway/layers/') || url.includes('/gateway/core/')],
  ['the rest of Sluice', ({ url }) => /\/(gateway|kernel|model-runtime)\/(?!.*node_modules)/.test(url)],
  ['other libraries', ({ url }) => url.includes('/node_modules/')],
  ['Node in JavaScript: HTTP/2, streams, events', ({ url }) => url.startsWith('node:')],
  ['native: sockets, nghttp2, V8', () => true],
];

export interface Share {
  readonly part: string;
  /** Of the time that was not idle. */
  readonly share: number;
}

const timeByNode = ({ samples, timeDeltas }: CpuProfile, lastUs: number): Map<number, number> => {
  const times = new Map<number, number>();
  let left = lastUs;
  for (let index = samples.length - 1; index >= 0 && left > 0; index -= 1) {
    const [node = 0, delta = 0] = [samples[index], timeDeltas[index]];
    times.set(node, (times.get(node) ?? 0) + delta);
    left -= delta;
  }
  return times;
};

/** Where the last so many microseconds of a process went, the largest part first. */
export const sharesOf = (profile: CpuProfile, lastUs = Number.POSITIVE_INFINITY): Share[] => {
  const times = timeByNode(profile, lastUs);
  const byPart = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const [part = ''] = parts.find(([, fits]) => fits(callFrame)) ?? [];
    byPart.set(part, (byPart.get(part) ?? 0) + (times.get(id) ?? 0));
  }
  byPart.delete('idle');
  const busy = [...byPart.values()].reduce((sum, time) => sum + time, 0);
  return [...byPart].map(([part, time]) => ({ part, share: time / busy })).sort((a, b) => b.share - a.share);
};
