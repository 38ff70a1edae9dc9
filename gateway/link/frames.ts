import type { Announcement } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { AnsweringRelease } from '@sluice/protos/gen/sluice/gateway/v1/AnsweringRelease';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { Layout } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { Row } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';

/** A part of a frame: an answer, what answers refer to, or what the gateway says of itself. */
export type Item =
  | { readonly answer: ScoreAnswer }
  | { readonly layout: Layout }
  | { readonly release: AnsweringRelease }
  | { readonly announcement: Announcement };

/** What goes to a scorer in one frame; declarations come before the answers that want them. */
export const frameOf = (items: readonly Item[]): ExchangeResponse => {
  const layouts: Layout[] = [];
  const releases: AnsweringRelease[] = [];
  const answers: ScoreAnswer[] = [];
  let announcement: Announcement | null = null;
  for (const item of items) {
    if ('answer' in item) answers.push(item.answer);
    else if ('layout' in item) layouts.push(item.layout);
    else if ('release' in item) releases.push(item.release);
    else announcement = item.announcement;
  }
  return { layouts, releases, answers, announcement };
};

/** Keys, lengths and numbers of an answer, its trace context, and the headers of its record. */
const answerBytes = 512;
const numberBytes = 8;
/** A text's key and length. */
const textBytes = 4;

const bytesOfTexts = (texts: readonly string[] = []): number =>
  texts.reduce((sum, text) => sum + textBytes + Buffer.byteLength(text), 0);

/** The JSON of a Struct is longer than its bytes: it names every kind. */
const bytesOfRow = ({ numbers = [], texts, flags = [], others }: Row): number =>
  numbers.length * numberBytes +
  bytesOfTexts(texts) +
  flags.length +
  (others ? JSON.stringify(others).length : 0);

const bytesOfAnswer = ({ outputs, refusal, failure, warnings, record }: ScoreAnswer): number => {
  let bytes = answerBytes + bytesOfTexts(warnings);
  if (outputs) bytes += bytesOfRow(outputs);
  if (refusal) bytes += bytesOfTexts([refusal.message ?? '']);
  if (failure) bytes += JSON.stringify(failure).length;
  if (record) bytes += record.value?.length ?? 0;
  return bytes;
};

/** About how many bytes an item takes in a frame. */
export const sizeOf = (item: Item): number => {
  if ('answer' in item) return bytesOfAnswer(item.answer);
  if (!('layout' in item)) return answerBytes;
  const { numbers, texts, flags } = item.layout;
  return bytesOfTexts(numbers) + bytesOfTexts(texts) + bytesOfTexts(flags);
};
