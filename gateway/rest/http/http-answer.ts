/** What is sent back. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; content-type is always there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** True: never compressed, whatever the caller says that it takes. */
  readonly plain?: boolean;
}

/** JSON, status 200. */
export const jsonAnswer = (value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/**
 * JSON that is never compressed. Triton compresses answers of inference alone, and tritonclient (2.73)
 * reads nothing else that is: neither errors nor, in its asyncio client, metadata.
 */
export const plainAnswer = (
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ ...jsonAnswer(value, headers), status, plain: true });

/** One line of text, for people and probes. */
export const textAnswer = (status: number, line: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${line}\n`,
});
