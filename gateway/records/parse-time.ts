import { isDay } from '@sluice/kernel/revision/selector';

const time = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/** Milliseconds since 1970 of a time of RFC 3339; undefined: it is none. */
export const parseTime = (text: string): number | undefined => {
  const [, date = ''] = time.exec(text) ?? [];
  const at = Date.parse(text);
  return date !== '' && isDay(date) && !Number.isNaN(at) ? at : undefined;
};
