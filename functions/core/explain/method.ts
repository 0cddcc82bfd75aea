/**
 * How contributions are computed. `background` is the number of rows of the background. `rows` is how many rows the
 * model answers at most to explain one row.
 */
export type Method =
  | { readonly name: 'exact'; readonly background: number; readonly rows: number }
  | { readonly name: 'permutations'; readonly background: number; readonly pairs: number; readonly rows: number };

/**
 * The largest budget that a request may set. A budget is about how many rows the model may answer to explain one row.
 * The background and that row come on top, and two pairs of permutations are made even if they take more.
 */
export const largestBudget = 1_000_000;

/** With fewer pairs there is no standard error. */
const fewestPairs = 2;

/**
 * Chooses all coalitions of features if the budget is enough for them, else as many pairs of permutations as it allows,
 * and at least two.
 */
export function chooseMethod(features: number, background: number, budget: number): Method {
  // The answers to the background, and to the explained row itself.
  const known = background + 1;
  const exact = (2 ** features - 2) * background;
  if (exact <= budget) return { name: 'exact', background, rows: exact + known };
  const rowsPerPair = 2 * (features - 1) * background;
  const pairs = Math.max(fewestPairs, Math.floor(budget / rowsPerPair));
  return { name: 'permutations', background, pairs, rows: pairs * rowsPerPair + known };
}

/**
 * The number of steps that explain one row. The exact method counts a step for each row of the background. The other
 * method counts the steps of its walk.
 */
export function countSteps(method: Method, features: number): number {
  return method.name === 'exact' ? method.background : method.pairs * 2 * features;
}
