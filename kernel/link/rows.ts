import type { Layout, Layout__Output } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { Row, Row__Output } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import { SluiceError } from '../errors/sluice-error.ts';
import { put } from '../features/put.ts';
import { fromStruct, toStruct } from '../features/struct.ts';
import type { Features, FeatureValue } from '../features/value.ts';
import { compileRow, type LayoutNames } from './compile-row.ts';

/** Layouts of one direction of a link, at most. */
export const maxLayouts = 1_024;
/** Names in all of them, at most. */
export const maxNames = 65_536;

type Kind = 'number' | 'string' | 'boolean';

/** A name that rows have in one place, after the same names before it: rows of one layout take one way from the root. */
interface Place {
  readonly name: string;
  readonly kind: Kind;
  readonly before: Place | undefined;
  /** Of the same name, and of a kind that has come here, too. */
  readonly sibling: Place | undefined;
  /** 0: none; undefined: no row has ended here yet. */
  layout: number | undefined;
  /** Where the row before this one went on. */
  last: Place | undefined;
  readonly next: Map<string, Place>;
}

const placeAfter = (before: Place | undefined, name: string, kind: Kind, sibling?: Place): Place => ({
  name,
  kind,
  before,
  sibling,
  layout: before === undefined ? 0 : undefined,
  last: undefined,
  next: new Map(),
});

const layoutOf = (id: number, end: Place) => {
  const names = { number: [] as string[], string: [] as string[], boolean: [] as string[] };
  for (let place = end; place.before !== undefined; place = place.before) names[place.kind].push(place.name);
  const { number, string, boolean } = names;
  return { id, numbers: number.reverse(), texts: string.reverse(), flags: boolean.reverse() };
};

/** Finds the layout of a row by the way that its names take; a way that has been taken before costs a comparison a name. */
const layoutTree = (declare: (layout: Layout) => void) => {
  const root = placeAfter(undefined, '', 'number');
  let places = 0;
  let layouts = 0;
  let names = 0;

  const grow = (from: Place, name: string, kind: Kind, sibling: Place | undefined): Place | undefined => {
    if (layouts === maxLayouts || places === maxNames) return undefined;
    places += 1;
    const grown = placeAfter(from, name, kind, sibling);
    from.next.set(name, grown);
    return grown;
  };
  /** undefined: there is no room for it. */
  const step = (from: Place, name: string, kind: Kind): Place | undefined => {
    const { last } = from;
    if (last !== undefined && last.name === name && last.kind === kind) return last;
    const first = from.next.get(name);
    let found = first;
    while (found !== undefined && found.kind !== kind) found = found.sibling;
    found ??= grow(from, name, kind, first);
    from.last = found;
    return found;
  };
  /** The number of the layout that ends here; undefined: there is no room for it. */
  const at = (end: Place, width: number): number | undefined => {
    if (end.layout !== undefined) return end.layout;
    if (layouts === maxLayouts || names + width > maxNames) return undefined;
    layouts += 1;
    names += width;
    end.layout = layouts;
    declare(layoutOf(layouts, end));
    return layouts;
  };
  return { root, step, at };
};

interface Values {
  readonly numbers: number[];
  readonly texts: string[];
  readonly flags: boolean[];
  /** What has no place in a layout. */
  left: [string, FeatureValue][] | undefined;
}

/** Puts a value where it belongs; its kind, if it has a place in a layout. */
const sort = (values: Values, name: string, value: FeatureValue): Kind | undefined => {
  if (typeof value === 'number') values.numbers.push(value);
  else if (typeof value === 'string') values.texts.push(value);
  else if (typeof value === 'boolean') values.flags.push(value);
  else {
    values.left ??= [];
    values.left.push([name, value]);
    return undefined;
  }
  return typeof value as Kind;
};

/**
 * Writes the rows of one direction of one link. `declare` is called with a layout before the first row that refers to
 * it is returned; it has to be sent before that row, or in the same frame. Once there is no room for more layouts, the
 * values of what has none are all among the others.
 */
export const rowWriter = (declare: (layout: Layout) => void): ((features: Features) => Row) => {
  const tree = layoutTree(declare);
  return (features) => {
    const values: Values = { numbers: [], texts: [], flags: [], left: undefined };
    let place: Place | undefined = tree.root;
    for (const name in features) {
      const kind = sort(values, name, features[name] as FeatureValue);
      if (kind !== undefined) place = tree.step(place, name, kind);
      if (place === undefined) break;
    }
    const { numbers, texts, flags, left } = values;
    const layout = place && tree.at(place, numbers.length + texts.length + flags.length);
    if (layout === undefined) return { others: toStruct(features) };
    const row = { layout, numbers, texts, flags };
    return left === undefined ? row : { ...row, others: toStruct(Object.fromEntries(left)) };
  };
};

const malformed = (message: string): SluiceError => new SluiceError('MALFORMED_REQUEST', message);

interface Names extends LayoutNames {
  readonly named: ReturnType<typeof compileRow>;
}

const noNames: Names = { numbers: [], texts: [], flags: [], named: () => ({}) };

const counted = ({ numbers, texts, flags }: Record<keyof LayoutNames, readonly unknown[]>): string =>
  `${numbers.length} numbers, ${texts.length} texts and ${flags.length} flags`;

/** Reads the rows of one direction of one link. */
export interface RowReader {
  /** Keeps a layout. One that cannot be kept is no fault of the link: rows that refer to it are. */
  declare(layout: Layout__Output): void;
  /**
   * The values by their names: those of the layout in its order, then the others.
   * @throws SluiceError MALFORMED_REQUEST for a row that does not fit its layout, or whose layout is not known
   */
  read(row: Row__Output | null): Features;
}

export const rowReader = (): RowReader => {
  /** A text: why the layout cannot be used. */
  const layouts = new Map<number, Names | string>();
  let count = 0;

  const kept = ({ numbers, texts, flags }: Layout__Output): Names | string => {
    const names = [...numbers, ...texts, ...flags];
    if (count + names.length > maxNames) return `the layouts have more than ${maxNames} names`;
    if (new Set(names).size < names.length) return 'it has one name twice';
    count += names.length;
    return { numbers, texts, flags, named: compileRow({ numbers, texts, flags }) };
  };
  const namesOf = (id: number): Names => {
    const found = id === 0 ? noNames : layouts.get(id);
    if (found === undefined)
      throw malformed(`layout ${id} was not declared on this link; there may be layouts 1 to ${maxLayouts}`);
    if (typeof found === 'string') throw malformed(`layout ${id} cannot be used: ${found}`);
    return found;
  };
  const fits = (row: Row__Output, names: Names): boolean =>
    row.numbers.length === names.numbers.length &&
    row.texts.length === names.texts.length &&
    row.flags.length === names.flags.length;

  return {
    declare: (layout) => {
      if (layout.id >= 1 && layout.id <= maxLayouts) layouts.set(layout.id, kept(layout));
    },
    read: (row) => {
      if (row === null) return {};
      const names = namesOf(row.layout);
      if (!fits(row, names))
        throw malformed(`layout ${row.layout} has ${counted(names)}, the row has ${counted(row)}`);
      const features: Record<string, FeatureValue> = names.named(row);
      if (row.others === null) return features;
      for (const [name, value] of Object.entries(fromStruct(row.others))) {
        if (Object.hasOwn(features, name))
          throw malformed(`'${name}' is in layout ${row.layout} and among the row's others`);
        put(features, name, value);
      }
      return features;
    },
  };
};
