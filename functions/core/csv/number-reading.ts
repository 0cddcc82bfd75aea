const plain = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The number that stands in these bytes, as Number reads it; NaN where none does, or where only text can tell. */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return plain.test(text) ? Number(text) : Number.NaN;
}
