/** Whose processor time is counted together. */
export type Part = 'gateway' | 'runtime' | 'mlserver' | 'consumer' | 'broker';

/** What answers: one or several processes behind the same kind of door. Empty: it has no such door. */
export interface System extends AsyncDisposable {
  /** host:port */
  readonly grpc: string;
  /** http://host:port */
  readonly http: string;
  /** http://host:port of the gateway's metrics. */
  readonly metrics: string;
  /** host:port of the gateway's link for scorers. */
  readonly link: string;
  /** EVENT_LOG_URL of its own Kafka. */
  readonly eventLog: string;
  /** URL of the store that it serves. */
  readonly store: string;
  readonly processes: readonly { readonly part: Part; readonly pid: number }[];
}
