import type { Layout__Output } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { Row__Output } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import type { Features } from '../features/value.ts';

export type LayoutNames = Pick<Layout__Output, 'numbers' | 'texts' | 'flags'>;
type RowValues = Pick<Row__Output, 'numbers' | 'texts' | 'flags'>;

/** A name such as any other; only in brackets __proto__ is one. */
const keyOf = (name: string): string => (name === '__proto__' ? `['${name}']` : JSON.stringify(name));

/**
 * Compiles how the values of a layout's rows get their names: into a function with one object literal, as ajv does with a
 * schema. Thirty names that an object gets one by one take it twenty times as long, and whoever reads it pays again.
 */
export const compileRow = (names: LayoutNames): ((values: RowValues) => Features) => {
  const fields = (['numbers', 'texts', 'flags'] as const).flatMap((kind) =>
    names[kind].map((name, index) => `${keyOf(name)}: row.${kind}[${index}]`),
  );
  return new Function('row', `return { ${fields.join(', ')} };`) as (values: RowValues) => Features;
};
