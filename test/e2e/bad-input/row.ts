import type { Code } from '@sluice/kernel/errors/codes';
import type { Features } from '@sluice/kernel/features/value';
import type { ContentsField } from '@sluice/kernel/tensor/datatypes';

/** The ways in: gRPC unary, a gRPC stream, REST. */
export const doorNames = ['unary', 'stream', 'rest'] as const;
export type DoorName = (typeof doorNames)[number];

export interface InputSpec {
  readonly name: string;
  /** Any text: a row may say what is no datatype. */
  readonly datatype: string;
  readonly shape: readonly number[];
  /** Typed contents over gRPC, `data` over REST. */
  readonly values?: readonly (number | string | boolean)[];
  /** The field of the typed contents; left out: the datatype's own. */
  readonly field?: ContentsField;
  /** `raw_input_contents` over gRPC, the binary part over REST. */
  readonly raw?: Uint8Array;
}

interface Named {
  readonly model: string;
  /** Left out: none is asked for. */
  readonly version?: string;
}

export interface TensorRequest extends Named {
  readonly inputs: readonly InputSpec[];
  readonly outputs?: readonly string[];
  readonly parameters?: Readonly<Record<string, number | string | boolean>>;
}

export interface FeatureRequest extends Named {
  readonly features: Features;
  readonly parameters?: Features;
}

/** A request in domain form: ModelInfer and /v2 infer, or Predict and /v1 predict. */
export type DomainRequest = { readonly infer: TensorRequest } | { readonly predict: FeatureRequest };

export interface Expected {
  readonly code: Code;
  /** What was expected and what came. */
  readonly message: RegExp;
  /** Path of the one violation, or what all of several have in common; left out: there must be none. */
  readonly violation?: string | RegExp;
  /** What would be allowed instead; left out: it does not matter. */
  readonly allowed?: readonly string[];
  /** Whether the caller is told when to come back. */
  readonly retry?: true;
}

export interface Row extends Expected {
  /** A sentence. */
  readonly name: string;
  readonly request: DomainRequest;
  /** Doors that cannot say it, and why. */
  readonly not?: Readonly<Partial<Record<DoorName, string>>>;
  /** Where one door answers otherwise than the others. */
  readonly at?: Readonly<Partial<Record<DoorName, Partial<Expected>>>>;
}

export interface Violated {
  readonly path: string;
  readonly message: string;
  /** undefined: gRPC's BadRequest cannot carry it. */
  readonly allowed?: readonly string[];
}

/** What a caller was told. */
export interface Refusal {
  /** Of gRPC or of HTTP; undefined: an item of a stream has none. */
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  /** undefined: the door cannot carry them. */
  readonly violations: readonly Violated[] | undefined;
  /** undefined: the door cannot carry it; 0: none was given. */
  readonly retryAfterMs: number | undefined;
}

/** Tensor names or output names of an answer, or the refusal. */
export type Outcome = { readonly answered: readonly string[] } | { readonly refused: Refusal };

/** One way in; a stream door sends a good item behind each request, over the same stream. */
export type SendRequest = (request: DomainRequest) => Promise<Outcome>;
