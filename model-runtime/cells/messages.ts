/** What a runtime and its cells say to each other over their IPC channel. */

/** Metrics as prom-client's getMetricsAsJSON gives them. */
export type MetricsJson = readonly object[];

export type FromCell =
  /** It serves its release on this port. */
  | { readonly kind: 'up'; readonly port: number }
  /** It cannot load its release, and ends. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It lives, and has completed so many batches in its life. */
  | { readonly kind: 'beat'; readonly batches: number }
  | { readonly kind: 'metrics'; readonly metrics: MetricsJson };

/** Asks for its metrics. */
export interface ToCell {
  readonly kind: 'metrics';
}
