import { type Hashing, toColumn } from './hash.ts';

/** The terms of a text, one behind the other, with a separator between them. */
export interface TermWriter {
  /** Makes room for terms, and for so many bytes of UTF-8 that they have together at most. */
  reserve(count: number, bytes: number): void;
  /** Writes the term that stands in some UTF-8. */
  write(bytes: Uint8Array, start: number, end: number): void;
  take(): string;
}

const separator = 0x1f;
const [zero, minus] = [0x30, 0x2d];
/** A byte order mark is part of a term. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Of a decimal number. */
const mostDigits = 11;

/** With a hash, a term is written as the number of its column. */
export function createTermWriter(hash: Hashing | null): TermWriter {
  let target = new Uint8Array(1024);
  let length = 0;

  const reserve = (bytes: number) => {
    if (length + bytes <= target.length) return;
    const larger = new Uint8Array(Math.max(length + bytes, target.length * 2));
    larger.set(target.subarray(0, length));
    target = larger;
  };

  // Without the separator behind the last.
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
      // Most terms are a few bytes: a call that copies them would take longer.
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

/** With a separator behind it. Returns where it ends. */
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
