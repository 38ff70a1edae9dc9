/** What is sent back. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; content-type is always there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** JSON, 200 unless said otherwise. */
export const jsonAnswer = (
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/** One line of text, for people and probes. */
export const textAnswer = (status: number, line: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${line}\n`,
});
