import { type Document, Lexer, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../errors/message-of.ts';
import { PackageError, refuse } from './package-error.ts';
import { manifestLimits } from './package-limits.ts';
import { offsetAt } from './yaml-offset.ts';
import { shapeFaults } from './yaml-shape.ts';

const { maxBytes, maxTokens, maxAliases } = manifestLimits;
/** Of a text that is no YAML at all the rest tells nothing new. */
const maxErrors = 8;

/** A manifest's text that was read, and where its fields are. */
export interface ManifestYaml {
  readonly value: unknown;
  /** Line of a field, or of what is nearest above it; entries of lists by position or by their name. */
  lineOf(path: readonly PropertyKey[]): number;
}

const file = 'sluice.yaml';

/** Before anything is built from it: what is built from a small text may be large. */
const refuseLarge = (text: string): void => {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) refuse([{ file, message: `has ${bytes} bytes, at most ${maxBytes} are read` }]);
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > maxTokens) refuse([{ file, message: `has more than ${maxTokens} words and signs` }]);
  }
};

type LineAt = (offset: number) => number;
type Reading = { readonly document: Document.Parsed; readonly lineAt: LineAt };

const read = (text: string): Reading => {
  const counter = new LineCounter();
  // Its own search for keys that are there twice takes the square of their number.
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter: counter,
    logLevel: 'error',
  });
  const lineAt = (offset: number): number => Math.max(1, counter.linePos(offset).line);
  refuse(
    document.errors.slice(0, maxErrors).map(({ message, pos }) => ({
      file,
      line: lineAt(pos[0]),
      message: message.includes('call stack') ? 'is nested too deeply' : `this is not YAML: ${message}`,
    })),
  );
  return { document, lineAt };
};

/**
 * Reads the text of a manifest within bounds: of bytes, words, depth and aliases.
 * @throws PackageError naming the lines that are no YAML.
 */
export const readManifestYaml = (text: string): ManifestYaml => {
  refuseLarge(text);
  const { document, lineAt } = read(text);
  refuse(shapeFaults(document).map(({ offset, message }) => ({ file, line: lineAt(offset), message })));
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    return { value, lineOf: (path) => lineAt(offsetAt(document.contents, path)) };
  } catch (error) {
    throw new PackageError([{ file, message: `this is not YAML: ${messageOf(error)}` }], error);
  }
};
