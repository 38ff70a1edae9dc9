/**
 * How many ways a regular expression has to go through a text, at most. V8 tries one after the other, which for
 * (a+)+ is a number with as many digits as the text has characters.
 */

/** What a part of a pattern may match. */
interface Part {
  /** Ways to match it, from one place of the text. */
  readonly ways: number;
  /** Characters that it takes at least. */
  readonly least: number;
  /** It can only begin where the text does. */
  readonly isAnchored: boolean;
}

const nothing: Part = { ways: 1, least: 0, isAnchored: false };
const start: Part = { ways: 1, least: 0, isAnchored: true };
const character: Part = { ways: 1, least: 1, isAnchored: false };

/** One character, a class or an escape of one. Back references and \k are none. */
const characterForm =
  /^(?:\[(?:\\.|[^\\\]])*\]|\\(?:[pP]\{\w+(?:=\w+)?\}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[^1-9kpPuxcbB])|[^\\[\](){}*+?|^$])/su;
const placeForm = /^(?:\$|\\b|\\B)/;
const groupForm = /^\((?:\?:|\?<\w+>)?(?!\?)/;
const repetitionForm = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/;

class PatternReader {
  #rest: string;
  readonly #length: number;

  constructor(pattern: string, length: number) {
    this.#rest = pattern;
    this.#length = length;
  }

  /** @throws Error naming what cannot be judged. */
  read(): Part {
    const part = this.#alternatives();
    if (this.#rest !== '') throw new Error(`${this.#rest.slice(0, 20)} is not understood`);
    return part;
  }

  #take(form: RegExp): RegExpExecArray | undefined {
    const found = form.exec(this.#rest) ?? undefined;
    this.#rest = this.#rest.slice(found?.[0].length ?? 0);
    return found;
  }

  #alternatives(): Part {
    let whole = this.#sequence();
    while (this.#take(/^\|/) !== undefined) {
      const next = this.#sequence();
      const isAnchored = whole.isAnchored && next.isAnchored;
      whole = { ways: whole.ways + next.ways, least: Math.min(whole.least, next.least), isAnchored };
    }
    return whole;
  }

  #sequence(): Part {
    let whole = nothing;
    for (;;) {
      const part = this.#atom();
      if (part === undefined) return whole;
      const next = this.#repeated(part);
      const isFirst = whole.ways === 1 && whole.least === 0;
      const isAnchored = whole.isAnchored || (isFirst && next.isAnchored);
      whole = { ways: whole.ways * next.ways, least: whole.least + next.least, isAnchored };
    }
  }

  #atom(): Part | undefined {
    if (this.#take(/^\^/) !== undefined) return start;
    if (this.#take(placeForm) !== undefined) return nothing;
    if (this.#take(characterForm) !== undefined) return character;
    if (this.#take(groupForm) === undefined) return undefined;
    const inner = this.#alternatives();
    if (this.#take(/^\)/) === undefined) throw new Error('a group does not end');
    return inner;
  }

  #repeated(part: Part): Part {
    const found = this.#take(repetitionForm);
    if (found === undefined) return part;
    const [fewest, most] = this.#times(found);
    const { least, isAnchored } = part;
    if (least === 0 && most > 1) throw new Error('it repeats what may be empty');
    return {
      ways: waysOf(part.ways, fewest, most),
      least: least * fewest,
      isAnchored: isAnchored && fewest > 0,
    };
  }

  /** How often at least and at most; more often than the text has characters is not tried. */
  #times([text, fewest, comma, most]: RegExpExecArray): readonly [number, number] {
    if (fewest === undefined) return [text.startsWith('+') ? 1 : 0, text.startsWith('?') ? 1 : this.#length];
    const least = Number(fewest);
    if (comma === '') return [least, least];
    return [least, most === '' ? Math.max(least, this.#length) : Number(most)];
  }
}

/** Ways to repeat what itself has so many. */
const waysOf = (ways: number, fewest: number, most: number): number => {
  if (ways === 1) return most - fewest + 1;
  let sum = 0;
  for (let times = fewest; times <= most && Number.isFinite(sum); times += 1) sum += ways ** times;
  return sum;
};

/**
 * Steps that matching a text of so many characters takes at most.
 * @throws Error when the pattern uses what cannot be judged: back references, looking ahead or behind.
 */
export const patternSteps = (pattern: string, length: number): number => {
  const { ways, least, isAnchored } = new PatternReader(pattern, length).read();
  if (least > length) throw new Error(`it matches no text of at most ${length} characters`);
  return isAnchored ? ways : ways * (length + 1);
};
