import { InvalidArgumentError } from 'commander';

/** Parses an option that is a whole number within bounds. @throws InvalidArgumentError */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}, got '${text}'`);
  };

/** Parses an option that is any finite number within bounds. @throws InvalidArgumentError */
export const numberWithin =
  (least: number, most: number) =>
  (text: string): number => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (number >= least && number <= most && Number.isFinite(number)) return number;
    const bounds = Number.isFinite(most) ? ` from ${least} to ${most}` : '';
    throw new InvalidArgumentError(`expected a number${bounds}, got '${text}'`);
  };
