import { createHash } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { jsonOrString } from '../json-input.ts';
import { parseTime } from '../time-option.ts';
import { type FeedbackBody, saysSomething } from './feedback-body.ts';

/** A row of a file by column: text from CSV, any JSON from JSON Lines. */
export type FeedbackFields = Readonly<Record<string, unknown>>;

export interface RowOptions {
  /** Of rows that name none. */
  readonly author: string;
  /** Of rows about entities that name none. */
  readonly model: string | undefined;
  /** Labels that look like numbers are text. */
  readonly textLabels: boolean;
}

export type ParsedRow = { readonly feedback: FeedbackBody } | { readonly error: string } | 'says nothing';

export const feedbackColumns = [
  'prediction_id',
  'entity_id',
  'entity_time',
  'model',
  'label',
  'reward',
  'correction',
  'comment',
  'feedback_author',
  'feedback_time',
  'feedback_id',
];

/** correction.price: one output as it should have been. */
export const correctionPrefix = 'correction.';

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class RowFault extends Error {}

const textIn = (fields: FeedbackFields, name: string): string | undefined => {
  const value = fields[name];
  if (!isGiven(value)) return undefined;
  if (typeof value === 'string') return value;
  throw new RowFault(`${name}: expected text, got ${JSON.stringify(value)}`);
};

const timeIn = (fields: FeedbackFields, name: string): string | undefined => {
  const text = textIn(fields, name);
  if (text === undefined) return undefined;
  try {
    return parseTime(text);
  } catch (error) {
    throw error instanceof InvalidArgumentError ? new RowFault(`${name}: ${error.message}`) : error;
  }
};

const rewardIn = ({ reward }: FeedbackFields): number | undefined => {
  if (!isGiven(reward)) return undefined;
  const number = typeof reward === 'string' && reward.trim() !== '' ? Number(reward) : reward;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new RowFault(`reward: expected a number, got ${JSON.stringify(reward)}`);
};

const labelOf = (value: unknown, isText: boolean): unknown =>
  typeof value === 'string' && !isText ? jsonOrString(value) : value;

const correctionIn = (fields: FeedbackFields): Record<string, unknown> | undefined => {
  const given = fields['correction'];
  const whole = typeof given === 'string' && given !== '' ? jsonOrString(given) : given;
  if (isGiven(whole) && !isObject(whole))
    throw new RowFault(`correction: expected a JSON object of outputs, got ${JSON.stringify(given)}`);
  const parts = Object.entries(fields)
    .filter(([name, value]) => name.startsWith(correctionPrefix) && isGiven(value))
    .map(([name, value]) => [name.slice(correctionPrefix.length), labelOf(value, false)] as const);
  const all = { ...(isObject(whole) ? whole : {}), ...Object.fromEntries(parts) };
  return Object.keys(all).length === 0 ? undefined : all;
};

/** What it is about: the prediction, where one is named; what else an export says of it is passed over. */
const aboutOf = (fields: FeedbackFields, options: RowOptions): FeedbackBody => {
  const predictionId = textIn(fields, 'prediction_id');
  if (predictionId !== undefined) return { predictionId };
  const entityId = textIn(fields, 'entity_id');
  if (entityId === undefined) throw new RowFault('neither prediction_id nor entity_id says what it is about');
  const entityTime = timeIn(fields, 'entity_time');
  const model = textIn(fields, 'model') ?? options.model;
  return { entityId, ...(entityTime && { entityTime }), ...(model && { model }) };
};

/** What says the same has the same id, so that a file may be sent again after a failure. */
const idOf = (feedback: FeedbackBody): string => {
  const hex = createHash('sha256').update(JSON.stringify(feedback)).digest('hex');
  // The layout of a UUID of version 8, which leaves the other digits to who makes it.
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};

const parse = (fields: FeedbackFields, options: RowOptions): ParsedRow => {
  const label = isGiven(fields['label']) ? labelOf(fields['label'], options.textLabels) : undefined;
  const reward = rewardIn(fields);
  const correction = correctionIn(fields);
  const comment = textIn(fields, 'comment');
  const said = {
    ...(label !== undefined && { label }),
    ...(reward !== undefined && { reward }),
    ...(correction && { correction }),
    ...(comment !== undefined && { comment }),
  };
  if (!saysSomething(said)) return 'says nothing';
  const time = timeIn(fields, 'feedback_time');
  const author = textIn(fields, 'feedback_author');
  const own = { ...aboutOf(fields, options), ...said, ...(time && { time }), ...(author && { author }) };
  const feedbackId = textIn(fields, 'feedback_id') ?? idOf(own);
  return { feedback: { author: options.author, ...own, feedbackId } };
};

/** A row of a file as feedback. */
export const parseFeedbackRow = (fields: FeedbackFields, options: RowOptions): ParsedRow => {
  try {
    return parse(fields, options);
  } catch (error) {
    if (error instanceof RowFault) return { error: error.message };
    throw error;
  }
};
