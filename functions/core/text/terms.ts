import { type Hashing, toColumn } from './hash.ts';

/** Collects the terms of a text in one string, with a separator between them. */
export interface TermWriter {
  /** Makes room for `count` terms that take at most `bytes` bytes of UTF-8 together. */
  reserve(count: number, bytes: number): void;
  /** Appends the term in bytes[start] to bytes[end - 1]. */
  write(bytes: Uint8Array, start: number, end: number): void;
  take(): string;
}

const separator = 0x1f;
const [zero, minus] = [0x30, 0x2d];
/** A byte order mark is kept: it is part of a term. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** The digits of a 32-bit number and its sign. */
const mostDigits = 11;

/** Creates a writer of terms. With `hash`, it writes the number of each term's column in place of the term. */
export function createTermWriter(hash: Hashing | null): TermWriter {
  let target = new Uint8Array(1024);
  let length = 0;

  const reserve = (bytes: number) => {
    if (length + bytes <= target.length) return;
    const larger = new Uint8Array(Math.max(length + bytes, target.length * 2));
    larger.set(target.subarray(0, length));
    target = larger;
  };

  // Leaves out the separator after the last term.
  const take = () => decoder.decode(target.subarray(0, Math.max(0, length - 1)));

  if (hash !== null) {
    return {
      reserve: (count) => reserve(count * (mostDigits + 1)),
      write: (bytes, start, end) => {
        length = writeNumber(toColumn(bytes, start, end, hash), target, length);
      },
      take,
    };
  }
  return {
    reserve: (count, bytes) => reserve(count + bytes),
    write: (bytes, start, end) => {
      // Most terms are a few bytes, for which this loop is faster than `set`.
      for (let at = start; at < end; at += 1) {
        target[length] = bytes[at] as number;
        length += 1;
      }
      target[length] = separator;
      length += 1;
    },
    take,
  };
}

/** Writes a number and a separator. Returns the position after them. */
function writeNumber(number: number, target: Uint8Array, start: number): number {
  let end = start;
  if (number < 0) {
    target[end] = minus;
    end += 1;
  }
  let rest = Math.abs(number);
  let digits = 1;
  for (let power = 10; power <= rest; power *= 10) digits += 1;
  for (let at = end + digits - 1; at >= end; at -= 1) {
    target[at] = zero + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  target[end + digits] = separator;
  return end + digits + 1;
}
