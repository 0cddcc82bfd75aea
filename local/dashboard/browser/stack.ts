type Line = readonly (number | null)[];

/** Each line on those before it. Where a period has some of them, the others are nought. */
export function stack(lines: readonly Line[]): (number | null)[][] {
  const isEmpty = (period: number) => lines.every((line) => line[period] == null);
  const sums = (lines[0] ?? []).map(() => 0);
  return lines.map((line) =>
    line.map((value, period) => {
      sums[period] = (sums[period] ?? 0) + (value ?? 0);
      return isEmpty(period) ? null : (sums[period] ?? 0);
    }),
  );
}
