/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A reference to a named schema of the document. */
export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export interface OperationBody {
  /** Media types that are understood; the first is the one that is documented. */
  readonly accepts: readonly string[];
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

/** What the document says of a path and method; the server reads `body.accepts` of it too. */
export interface Operation {
  readonly id: string;
  readonly tag: 'predictions' | 'models' | 'streams' | 'open inference protocol' | 'operations';
  readonly summary: string;
  readonly body?: OperationBody;
  /** The message whose fields may come as parameters of the query. */
  readonly query?: string;
  /** Media type and schema of the answer. */
  readonly answers: { readonly type: string; readonly schema?: JsonSchema };
}
