import type { CodeMeaning } from './code-meaning.ts';
import { requestCodes } from './request-codes.ts';
import { serverCodes } from './server-codes.ts';

/**
 * The closed list of codes and what each means at every door.
 * docs/errors.md shows the same table; a test holds the two equal.
 */
export const codes = { ...requestCodes, ...serverCodes } as const satisfies Record<string, CodeMeaning>;

export type Code = keyof typeof codes;

export const isCode = (text: string): text is Code => Object.hasOwn(codes, text);
export const meaningOf = (code: Code): CodeMeaning => codes[code];
