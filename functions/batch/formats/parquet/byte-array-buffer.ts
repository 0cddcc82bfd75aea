import { type ByteBuffer, createByteBuffer, reserve, take } from '../../../core/byte-buffer.ts';
import type { Positions } from './column-chunk.ts';
import type { Values } from './cursor.ts';
import { appendLevels } from './levels.ts';

type Value = string | Uint8Array;

/** A dictionary holds at most this many distinct values. */
const maxDistinct = 16_384;
/** After this many values it is decided whether they repeat often enough for a dictionary. */
const trial = 4096;

/**
 * Collects values of variable length. Values that repeat are written as positions in a dictionary, others one after the
 * other.
 */
export function createByteArrayBuffer() {
  const levels = createByteBuffer();
  const plain = createByteBuffer();
  let distinct: Distinct | undefined = createDistinct();

  const append = (added: Values) => {
    appendLevels(levels, added);
    for (let row = 0; row < added.length; row += 1) {
      const value = added[row] as Value | undefined;
      if (value === undefined) continue;
      if (distinct) distinct.add(value);
      else appendPlain(plain, value);
    }
    if (distinct?.isWaste()) writeOut(distinct);
  };

  const writeOut = ({ positions, entries }: Distinct) => {
    for (const position of positions) appendPlain(plain, entries[position] as Value);
    distinct = undefined;
  };

  const takeColumn = () => {
    if (distinct && 2 * distinct.entries.length > distinct.positions.length) writeOut(distinct);
    const values = distinct ? distinct.toPositions() : take(plain);
    distinct = createDistinct();
    return { rows: levels.length, levels: take(levels), values };
  };

  return { append, take: takeColumn, size: () => levels.length + plain.length + (distinct?.size() ?? 0) };
}

/** Appends a value in plain encoding: its length in four bytes, then its bytes. */
function appendPlain(plain: ByteBuffer, value: Value): void {
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  reserve(plain, 4 + length);
  const { bytes, length: at } = plain;
  bytes.writeUInt32LE(length, at);
  if (typeof value === 'string') bytes.write(value, at + 4, 'utf8');
  else bytes.set(value, at + 4);
  plain.length += 4 + length;
}

interface Distinct {
  /** The distinct values in the order of their first use. */
  readonly entries: readonly Value[];
  readonly positions: readonly number[];
  add(value: Value): void;
  /** Whether there are too many distinct values for a dictionary to save space. */
  isWaste(): boolean;
  size(): number;
  toPositions(): Positions;
}

function createDistinct(): Distinct {
  const entries: Value[] = [];
  const positions: number[] = [];
  // Values from an input's dictionary are the same object each time, and are found by identity. Other bytes are found
  // by their contents.
  const known = new Map<Value, number>();
  let bytes = 0;

  const add = (value: Value) => {
    let position = known.get(value);
    if (position === undefined && typeof value !== 'string') {
      const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1');
      position = known.get(text);
      if (position === undefined) known.set(text, entries.length);
    }
    if (position === undefined) {
      position = entries.length;
      known.set(value, position);
      entries.push(value);
      bytes += value.length;
    }
    positions.push(position);
  };

  return {
    entries,
    positions,
    add,
    isWaste: () => entries.length > maxDistinct || (positions.length >= trial && 2 * entries.length > positions.length),
    size: () => 4 * positions.length + 2 * bytes,
    toPositions() {
      const dictionary = createByteBuffer();
      for (const entry of entries) appendPlain(dictionary, entry);
      return { positions: Int32Array.from(positions), dictionary: take(dictionary), distinct: entries.length };
    },
  };
}
