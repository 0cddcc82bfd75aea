/**
 * Runs `work` for each item, for at most `width` items at a time. Returns the results in the items' order. If an item
 * fails, starts no further one, and rejects with its error when the running ones have ended.
 */
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
  // Waits for all workers even if one failed, so that none still writes while the caller cleans up.
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  const end = ends.find(({ status }) => status === 'rejected');
  if (end?.status === 'rejected') throw end.reason;
  return results;
}

/** Makes an async generator of any items: its `next` may be called before the previous call has ended. */
async function* iterate<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item, undefined> {
  yield* items;
}
