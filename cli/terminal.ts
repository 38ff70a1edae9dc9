/** What a command touches of the world around it; the real one is in main.ts. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  /** Whether stdout is shown to a human. */
  readonly isInteractive: boolean;
  /** Writes to stdout. */
  print(text: string): void;
  /** Writes to stderr. */
  printError(text: string): void;
  /** Asks whoever sits there; what was typed. */
  ask(question: string): Promise<string>;
  /** All of stdin, as UTF-8. */
  readInput(): Promise<string>;
}
