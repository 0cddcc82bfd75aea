/** Writes a finite number as JavaScript does, in ASCII, and returns where it ends. `target` has room for 25 bytes. */
export function writeNumber(value: number, target: Uint8Array, at: number): number {
  const text = String(value);
  for (let index = 0; index < text.length; index += 1) target[at + index] = text.charCodeAt(index);
  return at + text.length;
}
