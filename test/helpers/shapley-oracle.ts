import type { Numbers, Rows } from './explained-model.ts';

/**
 * The mean of the model's numbers over the background rows, if the features of the coalition have the row's values and
 * the other features have the background row's values.
 */
export function coalitionValue(
  numbers: Numbers,
  row: readonly unknown[],
  background: Rows,
  coalition: ReadonlySet<number>,
) {
  const answers = background.map((other) =>
    numbers(row.map((value, feature) => (coalition.has(feature) ? value : other[feature]))),
  );
  return (answers[0] ?? []).map(
    (_, number) => answers.reduce((sum, answer) => sum + (answer[number] as number), 0) / answers.length,
  );
}

/** The amount that each feature adds to each number, [number][feature], if features join a coalition in this order. */
export function addedInOrder(
  numbers: Numbers,
  row: readonly unknown[],
  background: Rows,
  order: readonly number[],
): number[][] {
  const coalition = new Set<number>();
  let before = coalitionValue(numbers, row, background, coalition);
  const added = before.map(() => new Array<number>(row.length).fill(0));
  for (const feature of order) {
    const after = coalitionValue(numbers, row, background, coalition.add(feature));
    for (const [number, value] of after.entries())
      (added[number] as number[])[feature] = value - (before[number] as number);
    before = after;
  }
  return added;
}

/** The Shapley values by their definition, [number][feature]: the mean over all orders of the features. */
export function shapleyOf(numbers: Numbers, row: readonly unknown[], background: Rows): number[][] {
  return meanOf(
    ordersOf(row.map((_, feature) => feature)).map((order) => addedInOrder(numbers, row, background, order)),
  );
}

/** The mean over a pair of orders: an order and its reverse. */
export function pairOf(
  numbers: Numbers,
  row: readonly unknown[],
  background: Rows,
  order: readonly number[],
): number[][] {
  return meanOf([order, order.toReversed()].map((one) => addedInOrder(numbers, row, background, one)));
}

export function meanOf(tables: readonly (readonly (readonly number[])[])[]): number[][] {
  return (tables[0] ?? []).map((row, number) =>
    row.map(
      (_, feature) => tables.reduce((sum, table) => sum + (table[number]?.[feature] as number), 0) / tables.length,
    ),
  );
}

function ordersOf(features: readonly number[]): number[][] {
  if (features.length === 0) return [[]];
  return features.flatMap((first) =>
    ordersOf(features.filter((other) => other !== first)).map((others) => [first, ...others]),
  );
}
