import type { Environment } from '@marcbachmann/cel-js';
import { createBase } from './functions.ts';
import type { Constant, Names, NameType, ScalarKind } from './names.ts';

/** Of one expression, so that a hostile one is refused before it is walked through. */
const limits = {
  maxAstNodes: 500,
  maxDepth: 40,
  maxListElements: 500,
  maxMapEntries: 0,
  maxCallArguments: 8,
};
/** Takes a millisecond to make, and nothing changes it. */
const base = createBase(limits);

/**
 * Two environments with the same names. `checked` has every type, for the check at load. `evaluated` leaves
 * those open that may be null, so that a comparison with null works and anything else with null fails instead
 * of being taken for 0, as JavaScript does.
 */
export interface Language {
  readonly names: Names;
  readonly checked: Environment;
  readonly evaluated: Environment;
}

const celType: Readonly<Record<ScalarKind, string>> = { number: 'double', boolean: 'bool', string: 'string' };
const anyMap = 'map<string, dyn>';

type Schema = { [field: string]: string | Schema };

const schemaOf = (type: NameType): string | Schema => {
  if (type.kind === 'list') return `list<${anyMap}>`;
  if (type.kind === 'any') return 'dyn';
  if (type.kind !== 'object') return celType[type.kind];
  return Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, schemaOf(field)]));
};

const addChecked = (environment: Environment, name: string, type: NameType): void => {
  const schema = schemaOf(type);
  if (typeof schema === 'string') environment.registerVariable(name, schema);
  else environment.registerVariable({ name, schema });
};

const evaluatedType = (type: NameType): string => {
  if (type.kind === 'object') return anyMap;
  if (type.kind === 'list') return `list<${anyMap}>`;
  if (type.kind === 'any') return 'dyn';
  return type.nullable === true ? 'dyn' : celType[type.kind];
};

const isList = (value: Constant): value is readonly number[] | readonly string[] => Array.isArray(value);

/** Lists as sets, in which `in` finds at once. */
const addConstant = (environment: Environment, name: string, value: Constant): void => {
  if (!isList(value)) environment.registerConstant(name, celType[typeof value as ScalarKind], value);
  else
    environment.registerConstant(
      name,
      typeof value[0] === 'number' ? 'list<double>' : 'list<string>',
      new Set<number | string>(value),
    );
};

const environmentOf = ({ constants }: Names): Environment => {
  const environment = base.clone();
  for (const [name, value] of Object.entries(constants)) addConstant(environment, name, value);
  return environment;
};

/** The language of one place in a release or revision: what its expressions may name. Names must be nameable. */
export const createLanguage = (names: Names): Language => {
  const checked = environmentOf(names);
  const evaluated = environmentOf(names);
  for (const [name, type] of Object.entries(names.variables)) {
    addChecked(checked, name, type);
    evaluated.registerVariable(name, evaluatedType(type));
  }
  return { names, checked, evaluated };
};
