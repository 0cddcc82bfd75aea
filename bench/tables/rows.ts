import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createRandom, type Random } from '../random.ts';

/** The kinds of rows: irises (numbers only), or customers (with texts, booleans and missing values). */
export const tableKinds = ['iris', 'churn'] as const;
export type TableKind = (typeof tableKinds)[number];

/**
 * Writes a table as CSV with an id as the first column; the same bytes in each run. Memory does not grow with the rows.
 */
export async function writeTable(path: string, kind: TableKind, rows: number): Promise<void> {
  await pipeline(Readable.from(toPieces(kind, rows)), createWriteStream(path));
}

const rowsOfPiece = 10_000;

function* toPieces(kind: TableKind, rows: number): Generator<string> {
  const { header, createRow } = tables[kind];
  const random = createRandom(1);
  yield `id,${header}\n`;
  for (let first = 1; first <= rows; first += rowsOfPiece) {
    const ids = Array.from({ length: Math.min(rowsOfPiece, rows - first + 1) }, (_, index) => first + index);
    yield ids.map((id) => `${id},${createRow(random)}\n`).join('');
  }
}

const within = (random: Random, low: number, high: number) => low + random() * (high - low);

function pick(random: Random, values: readonly string[]): string {
  return values[Math.floor(random() * values.length)] ?? '';
}

/** The columns of the models in training/iris.py and training/churn.py, with values in the same ranges. */
const tables: Readonly<Record<TableKind, { header: string; createRow: (random: Random) => string }>> = {
  iris: {
    header: 'sepal_length,sepal_width,petal_length,petal_width',
    createRow: (random) =>
      [within(random, 4.3, 7.9), within(random, 2, 4.4), within(random, 1, 6.9), within(random, 0.1, 2.5)]
        .map((value) => value.toFixed(1))
        .join(),
  },
  churn: {
    header: 'contract,payment,region,tenure,monthly_charge,support_calls,paperless',
    createRow: (random) =>
      [
        pick(random, ['monthly', 'one year', 'two years']),
        random() < 0.08 ? '' : pick(random, ['card', 'direct debit', 'invoice']),
        pick(random, ['Île-de-France', 'North', 'South', 'West']),
        Math.ceil(within(random, 0, 72)),
        random() < 0.05 ? '' : within(random, 8, 120).toFixed(2),
        Math.floor(within(random, 0, 6)),
        random() < 0.6,
      ].join(),
  },
};
