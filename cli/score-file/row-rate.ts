/** How quickly rows are done. */
export interface RowRate {
  /** Behind the progress bar. @param part of the whole input, from 0 to 1 */
  readonly words: (rows: number, errors: number, part: number) => string;
  readonly total: (rows: number) => { readonly seconds: number; readonly rowsPerSecond: number };
}

const remaining = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '';
  const minutes = Math.floor(seconds / 60);
  return `, ${minutes > 0 ? `${minutes} min ` : ''}${Math.ceil(seconds % 60)} s left`;
};

/** @param before rows that were done before this run */
export const rowRate = (before: number): RowRate => {
  const begunMs = performance.now();
  const total = (rows: number) => {
    const seconds = (performance.now() - begunMs) / 1000;
    return { seconds: Number(seconds.toFixed(1)), rowsPerSecond: Math.round(rows / seconds) };
  };
  return {
    total,
    words: (rows, errors, part) => {
      const { rowsPerSecond } = total(rows);
      const all = (before + rows) / part;
      const left = remaining((all - before - rows) / rowsPerSecond);
      return `, ${rowsPerSecond} rows/s${errors === 0 ? '' : `, ${errors} errors`}${left}`;
    },
  };
};
