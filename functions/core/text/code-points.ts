/** A set of code points with one bit for each, so that a look-up takes a few instructions. */
export interface CodePoints {
  has(code: number): boolean;
  /** The first and last code point of each range. */
  readonly ranges: readonly (readonly [number, number])[];
}

const end = 0x110000;

/** Unpacks a set. `packed` lists the gap before each range and its length in base 36, as in unicode.ts. */
export function toCodePoints(packed: string): CodePoints {
  const bits = new Uint32Array(end / 32);
  const ranges: [number, number][] = [];
  const numbers = packed.split(' ').map((number) => Number.parseInt(number, 36));
  let at = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    const start = at + (numbers[index] as number);
    at = start + (numbers[index + 1] as number);
    ranges.push([start, at - 1]);
    for (let code = start; code < at; code += 1) bits[code >> 5] = (bits[code >> 5] as number) | (1 << (code & 31));
  }
  return { has: (code) => ((bits[code >> 5] as number) & (1 << (code & 31))) !== 0, ranges };
}

/** The set as a character class of a regular expression with the flag `u`. */
export function toClass({ ranges }: CodePoints): string {
  const text = ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`);
  return `[${text.join('')}]`;
}
