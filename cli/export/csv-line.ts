import type { Cell } from './flatten-prediction.ts';

/** A line of CSV (RFC 4180, but for its end). No value is nothing at all, an empty text is "". */
export const csvLine = (cells: readonly Cell[]): string => cells.map(csvCell).join(',');

const csvCell = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  return cell === '' || /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
};
