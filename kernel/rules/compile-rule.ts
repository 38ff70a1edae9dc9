import { isCode } from '../errors/codes.ts';
import { compileExpression, type Expression } from '../expressions/compile-expression.ts';
import { compileMessage, type Message } from '../expressions/compile-message.ts';
import type { Language } from '../expressions/language.ts';
import type { Rule } from '../release/manifest-rules.ts';

export interface CompiledRule {
  readonly code: string;
  readonly when: Expression;
  readonly message: Message;
}

/** A rule, or its faults with their paths. */
export const compileRule = (
  { when, code, message, on }: Rule,
  path: string,
  language: Language,
): { readonly rule?: CompiledRule; readonly faults: readonly string[] } => {
  const condition = compileExpression(when, language, ['boolean']);
  const text = compileMessage(message, language);
  const faults: string[] = [];
  if ('error' in condition) faults.push(`${path}.when: ${condition.error}`);
  if ('error' in text) faults.push(`${path}.message: ${text.error}`);
  if (isCode(code)) faults.push(`${path}.code: ${code} is one of Sluice's own codes`);
  if ('error' in condition || 'error' in text || faults.length > 0) return { faults };
  if (on === 'output' && !condition.value.reads.has('outputs'))
    return { faults: [`${path}.on: it is about no output; say on: input`] };
  return { rule: { code, when: condition.value, message: text.value }, faults };
};
