/** A reply as curl would show it. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined: it is none. */
  readonly json: unknown;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `await ask(base)('POST', '/v1/predict', body, headers)`; an object is sent as JSON. */
export const asking =
  (base: string) =>
  async (
    method: string,
    path: string,
    body?: object | string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> => {
    const isJson = typeof body === 'object' && !(body instanceof Uint8Array);
    const response = await fetch(`${base}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };

export type Ask = ReturnType<typeof asking>;

export const churn = {
  features: { tenure: 12, monthly_charges: 70.35, contract: 'Month-to-month' },
};
