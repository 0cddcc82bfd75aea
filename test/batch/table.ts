/** Rows of iris with an id each, and values that are found again wherever they would leak. */
export function toTable(rows: number, isBad: (row: number) => boolean = () => false): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const [a, b, c, d] = [40 + (row % 39), 20 + (row % 24), 10 + (row % 59), 1 + (row % 24)].map(
      (tenths) => tenths / 10,
    );
    return isBad(row) ? `r${row},${a},${marked},${c},${d}` : `r${row},${a},${b},${c},${d}`;
  });
  return ['id,sepal_length,sepal_width,petal_length,petal_width', ...lines, ''].join('\n');
}

/** No number, so its row fails. */
export const marked = 'secret-of-a-row';
