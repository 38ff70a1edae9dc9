import { messageOf } from '../errors/message-of.ts';
import { patternSteps } from './pattern-steps.ts';

/** Longest text that a pattern is held against, in characters, where no maxLength says another number. */
export const defaultPatternLength = 256;
/** About a millisecond. */
const mostSteps = 100_000;
const maxPatternLength = 1_000;

/** What is wrong with a pattern that texts of at most so many characters are held against; undefined: nothing. */
export const patternFault = (pattern: string, maxLength = defaultPatternLength): string | undefined => {
  if (pattern.length > maxPatternLength) return `it is longer than ${maxPatternLength} characters`;
  try {
    new RegExp(pattern, 'u');
    const steps = patternSteps(pattern, maxLength);
    if (steps <= mostSteps) return undefined;
    return `it could take too long on ${maxLength} characters; repeat fewer things, or set a smaller maxLength`;
  } catch (error) {
    return messageOf(error);
  }
};
