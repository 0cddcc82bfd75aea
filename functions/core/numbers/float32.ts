/** The shortest decimal, of six to nine significant digits, that rounds to this float32. Nine are always enough. */
export function toShortest(float32: number): number {
  let digits = 6;
  while (digits < 9 && Math.fround(Number(float32.toPrecision(digits))) !== float32) digits += 1;
  return Number(float32.toPrecision(digits));
}
