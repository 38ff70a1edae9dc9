import { shortened } from '../errors/shortened.ts';
import { type Compiled, compileExpression } from './compile-expression.ts';
import type { Language } from './language.ts';
import type { Values } from './names.ts';

/** A text with expressions in `${}`. */
export interface Message {
  /** @throws Error where an expression has no result. What it gives is put in as it is, and never looked at again. */
  readonly render: (values: Values) => string;
  readonly reads: ReadonlySet<string>;
  readonly steps: number;
}

const maxMessageLength = 1_024;
/** Of what one expression gives: texts of callers may be long. */
const maxPartLength = 256;

type Piece = { readonly text: string } | { readonly expression: string };

/** Texts within an expression, and braces. */
const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}]/g;

/** Where the expression that begins at `from` ends: at its own brace, not at one within a text. -1: nowhere. */
const endOf = (text: string, from: number): number => {
  let depth = 0;
  for (const { 0: token, index } of text.slice(from).matchAll(tokens)) {
    if (token === '{') depth += 1;
    if (token === '}' && depth === 0) return from + index;
    if (token === '}') depth -= 1;
  }
  return -1;
};

const piecesOf = (text: string): Compiled<Piece[]> => {
  const pieces: Piece[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('${', at);
    if (start === -1) return { value: [...pieces, { text: text.slice(at) }] };
    const end = endOf(text, start + 2);
    if (end === -1) return { error: `the \${ at character ${start + 1} has no end` };
    pieces.push({ text: text.slice(at, start) }, { expression: text.slice(start + 2, end) });
    at = end + 1;
  }
};

type Part = {
  readonly render: Message['render'];
  readonly reads?: ReadonlySet<string>;
  readonly steps?: number;
};

const compilePart = (piece: Piece, language: Language): Compiled<Part> => {
  if ('text' in piece) return { value: { render: () => piece.text } };
  const compiled = compileExpression(piece.expression, language, ['string', 'number', 'boolean', 'null']);
  if ('error' in compiled) return { error: `\${${piece.expression}}: ${compiled.error}` };
  const { evaluate, reads, steps } = compiled.value;
  return { value: { reads, steps, render: (values) => shortened(String(evaluate(values)), maxPartLength) } };
};

/** Compiles a text; what stands outside of `${}` is taken as it is. */
export const compileMessage = (text: string, language: Language): Compiled<Message> => {
  const pieces = piecesOf(text);
  if ('error' in pieces) return pieces;
  const compiled = pieces.value.map((piece) => compilePart(piece, language));
  const faults = compiled.flatMap((each) => ('error' in each ? [each.error] : []));
  if (faults.length > 0) return { error: faults.join('; ') };
  const parts = compiled.flatMap((each) => ('value' in each ? [each.value] : []));
  return {
    value: {
      reads: new Set(parts.flatMap(({ reads }) => [...(reads ?? [])])),
      steps: parts.reduce((sum, { steps = 0 }) => sum + steps, 1),
      render: (values) => shortened(parts.map(({ render }) => render(values)).join(''), maxMessageLength),
    },
  };
};
