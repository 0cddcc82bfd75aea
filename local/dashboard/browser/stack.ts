type Line = readonly (number | null)[];

/**
 * Adds each line to the sum of those before it. A value that is missing counts as 0 if another line has a value in that
 * period.
 */
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
