/** What `work` makes of each item, in their order; of no more than `width` items at once. Rejects with the first that fails. */
export async function inParallel<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const iterator = iterate(items);
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (!failed) {
      const { value, done } = await iterator.next();
      if (done) return;
      const index = next++;
      results[index] = await work(value, index).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  // All of them end before this does: what is undone afterwards is undone for good.
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  const end = ends.find(({ status }) => status === 'rejected');
  if (end?.status === 'rejected') throw end.reason;
  return results;
}

/** Its `next` may be called before the last call has ended: calls wait in line. */
async function* iterate<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item, undefined> {
  yield* items;
}
