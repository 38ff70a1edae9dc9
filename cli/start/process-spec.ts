/** A port that a process binds. */
export interface BoundAddress {
  /** What answers there, in the words of the banner: `HTTP`, `gRPC`, `metrics`. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  /** The variable that moves it. */
  readonly variable: string;
  readonly scheme: 'http' | 'https' | 'grpc' | 'postgres';
}

/** One supervised process. Plain data, so that a table can be written down in a test. */
export interface ProcessSpec {
  readonly name: string;
  /** Absolute path of its main file, run by the supervisor's own Node. */
  readonly main: string;
  /** Added to the supervisor's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 when the process is ready. */
  readonly healthUrl: string;
  readonly addresses: readonly BoundAddress[];
  /** Names of earlier processes that must be ready before this one is started. */
  readonly after: readonly string[];
  /** Nobody waits for it: all is ready without it. */
  readonly background?: boolean;
  /** Folders whose changes restart it under `--watch`. */
  readonly watch: readonly string[];
}
