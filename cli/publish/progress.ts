import { SingleBar } from 'cli-progress';

/** A bar on stderr while bytes leave; it goes when they have left. */
export interface Progress extends Disposable {
  readonly add: (bytes: number) => void;
}

const kibibyte = 1024;

export const noProgress: Progress = { add: () => undefined, [Symbol.dispose]: () => undefined };

/** cli-progress shows nothing where stderr is no terminal. */
export const showProgress = (totalBytes: number): Progress => {
  const bar = new SingleBar({
    format: 'publishing [{bar}] {percentage} % of {total} KiB',
    clearOnComplete: true,
    stopOnComplete: false,
    hideCursor: true,
  });
  bar.start(Math.ceil(totalBytes / kibibyte), 0);
  let sent = 0;
  return {
    add: (bytes) => {
      sent += bytes;
      bar.update(Math.ceil(sent / kibibyte));
    },
    [Symbol.dispose]: () => bar.stop(),
  };
};
