/** Rows of iris as CSV, each with an id. A bad row has the value `marked`, which tests find wherever it leaks. */
export function toTable(rows: number, isBad: (row: number) => boolean = () => false): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const [a, b, c, d] = [40 + (row % 39), 20 + (row % 24), 10 + (row % 59), 1 + (row % 24)].map(
      (tenths) => tenths / 10,
    );
    return isBad(row) ? `r${row},${a},${marked},${c},${d}` : `r${row},${a},${b},${c},${d}`;
  });
  return ['id,sepal_length,sepal_width,petal_length,petal_width', ...lines, ''].join('\n');
}

/** A value that is not a number, so that its row fails. */
export const marked = 'secret-of-a-row';
