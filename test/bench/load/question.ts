import type { System } from '../systems/system.ts';

/** What a row asks: the very bytes that h2load sends, and how a real client checks the answer to them. */
export interface Question {
  /** Names the file of its body. */
  readonly name: string;
  /** Behind host and port, or the whole path of a gRPC method. */
  readonly path: string;
  readonly door: 'grpc' | 'rest';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Messages that one body holds: more than one only in a stream. */
  readonly messages: number;
  /** Rows of the model in one message. */
  readonly rows: number;
  /**
   * Asks once with a real client; how many bytes the body of a right answer has.
   * @throws AssertionError where the answer is wrong.
   */
  readonly ask: (system: System) => Promise<number>;
}
