import type { Output } from '../release/manifest-outputs.ts';
import type { Release } from '../release/release.ts';
import type { TensorSpec } from '../tensor/tensor.ts';

/** A JSON Schema (2020-12). */
type Schema = Readonly<Record<string, unknown>>;

const objectOf = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const typeOf = (spec: TensorSpec | undefined): string => {
  if (spec?.datatype === 'BYTES') return 'string';
  return spec?.datatype === 'BOOL' ? 'boolean' : 'number';
};

const withUnit = (schema: Schema, unit: string | undefined): Schema =>
  unit === undefined ? schema : { ...schema, unit };

const ofOutput = (output: Output, specs: readonly TensorSpec[]): Schema => {
  if ('fields' in output) return ofOutputs(output.fields, specs);
  if ('lower' in output) {
    const level = output.level === undefined ? {} : { level: { const: output.level } };
    return withUnit(
      objectOf({ lower: { type: 'number' }, upper: { type: 'number' }, ...level }),
      output.unit,
    );
  }
  if ('top' in output) {
    const items = objectOf({ label: { enum: output.labels }, score: { type: 'number' } });
    return { type: 'array', items, maxItems: output.top };
  }
  const spec = specs.find(({ name }) => name === output.tensor);
  // A graph that answers strings itself may answer others than the manifest lists.
  if ('labels' in output) return typeOf(spec) === 'string' ? { type: 'string' } : { enum: output.labels };
  return withUnit({ type: typeOf(spec) }, output.unit);
};

const ofOutputs = (outputs: Readonly<Record<string, Output>>, specs: readonly TensorSpec[]): Schema =>
  objectOf(
    Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, ofOutput(output, specs)])),
  );

/** One element as a value, several as a flat list. */
const ofTensor = (spec: TensorSpec): Schema => {
  const element = { type: typeOf(spec) };
  return { anyOf: [element, { type: 'array', items: element }] };
};

/** JSON Schema of the named outputs that Predict answers, as name-outputs.ts makes them. */
export const outputSchema = ({ manifest, signature }: Pick<Release, 'manifest' | 'signature'>): Schema => {
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  const declared = manifest?.outputs ?? {};
  const schema =
    Object.keys(declared).length > 0
      ? ofOutputs(declared, signature.outputs)
      : objectOf(Object.fromEntries(signature.outputs.map((spec) => [spec.name, ofTensor(spec)])));
  return { $schema, ...schema };
};
