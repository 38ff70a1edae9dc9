/** Who counts what happens on the links. */
export interface LinkHooks {
  /** An event leaves for a gateway. */
  readonly onSent?: (address: string) => void;
  /** A gateway was lost, or silent, while it had so many events. */
  readonly onLost?: (address: string, events: number) => void;
}
