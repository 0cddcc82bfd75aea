import type { Cut, KeptColumn, Reading, Run } from '../../functions/batch/formats/format.ts';
import { parquet } from '../../functions/batch/formats/parquet.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { collect, createMemoryStore } from './memory-store.ts';

export type Options = Pick<Reading, 'manifest'> & Partial<Reading> & { readonly sliceBytes?: number };

/** A Parquet file in memory as an input. */
export async function toInput(bytes: Uint8Array, location = 'table.parquet') {
  const { store, counts } = createMemoryStore(new Map([[location, bytes]]));
  return { store, source: await store.stat(location), counts };
}

export async function cutTable(bytes: Uint8Array, options: Options): Promise<Cut> {
  return parquet.cut(await toInput(bytes), toReading(options), options.sliceBytes ?? 1);
}

/** All rows of a table, slice by slice. */
export async function readTable(bytes: Uint8Array, options: Options): Promise<readonly Run[]> {
  const input = await toInput(bytes);
  const reading = toReading(options);
  const { slices, headerBytes, kept } = await parquet.cut(input, reading, options.sliceBytes ?? 1);
  const runs = slices.map((slice) => collect(parquet.read(input, slice, headerBytes, { ...reading, keep: kept })));
  return (await Promise.all(runs)).flat();
}

function toReading({ manifest, limits = defaultLimits, keep = [] }: Options): Reading {
  return { manifest, limits, keep };
}

/** The values of a kept column in all rows. */
export function keptOf<T>(
  runs: readonly Run[],
  name: string,
  take: (column: KeptColumn, row: number) => T,
): readonly T[] {
  return runs.flatMap(({ kept, rows }) => {
    const column = kept.find((other) => other.name === name);
    if (!column) throw new Error(`no column ${name} was kept`);
    return Array.from({ length: rows }, (_, row) => take(column, row));
  });
}
