const [minus, plus, point, zero, letterE, smallBit] = [0x2d, 0x2b, 0x2e, 0x30, 0x65, 0x20];

/** The position of the first byte from `from` on that is not JSON whitespace. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

/** The end of the JSON number that begins at `start`; -1 if there is none. JSON has no `+1`, `01`, `.5` and `5.`. */
export function endOfNumber(bytes: Uint8Array, start: number): number {
  const from = bytes[start] === minus ? start + 1 : start;
  let at = bytes[from] === zero ? from + 1 : skipDigits(bytes, from);
  if (at >= 0 && bytes[at] === point) at = skipDigits(bytes, at + 1);
  if (at < 0 || ((bytes[at] as number) | smallBit) !== letterE) return at;
  const sign = bytes[at + 1];
  return skipDigits(bytes, sign === minus || sign === plus ? at + 2 : at + 1);
}

/** The position after the digits from `from` on; -1 if there is no digit. */
function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let digit = (bytes[at] as number) - zero; digit >= 0 && digit <= 9; digit = (bytes[at] as number) - zero)
    at += 1;
  return at > from ? at : -1;
}
