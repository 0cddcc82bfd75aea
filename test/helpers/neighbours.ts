import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import type { Model } from '../../functions/core/model/load.ts';
import { joinSlices, sliceRows } from '../../functions/core/model/row-slices.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';
import { createRandom } from '../soak/random.ts';

/**
 * The numbers of rows in a request. They are odd and even. Some need one run of the model, others several, and the last
 * of several runs has one row or many.
 */
const sizes = [2, 3, 4, 5, 7, 8, 9, 10, 15, 31, 64, 101, 255, 1000, 1001, 2049, 5000];
/** The largest number of rows that are asked for alone. They are spread evenly over the given rows. */
const mostRows = 400;

/**
 * Asks for each row alone, and again in requests of several rows in random order. Returns a line such as `3 of 64 rows`
 * for each request in which some answers differ in any bit from the answers to the same rows alone.
 */
export async function differBesideOthers({ manifest, run }: Model, instances: readonly unknown[]): Promise<string[]> {
  const every = Math.ceil(instances.length / mostRows);
  const rows = instances.filter((_, row) => row % every === 0);
  const feeds = toFeeds(
    fromRows(rows, () => ''),
    manifest,
    defaultLimits,
  );
  const each = rows.map((_, row) => sliceRows(feeds, row, row + 1));
  const alone: Tensors[] = [];
  for (const row of each) alone.push(await run(row));
  const random = createRandom(1);
  const differences: string[] = [];
  for (const size of sizes) {
    const drawn = Array.from({ length: size }, () => random(rows.length));
    const fetches = await run(joinSlices(drawn.map((row) => each[row] as Tensors)));
    const differing = drawn.filter((row, at) => !isSame(sliceRows(fetches, at, at + 1), alone[row] as Tensors));
    if (differing.length > 0) differences.push(`${differing.length} of ${size} rows`);
  }
  return differences;
}

function isSame(some: Tensors, others: Tensors): boolean {
  return Object.entries(some).every(([name, { data }]) => {
    const other = others[name]?.data ?? [];
    return data.length === other.length && data.every((value, at) => Object.is(value, other[at]));
  });
}
