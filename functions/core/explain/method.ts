/** How contributions are computed. `background` is the number of its rows, `rows` what one explained row takes of the model at most. */
export type Method =
  | { readonly name: 'exact'; readonly background: number; readonly rows: number }
  | { readonly name: 'permutations'; readonly background: number; readonly pairs: number; readonly rows: number };

/** Rows of the model that a request may ask for to explain one of its rows. */
export const largestBudget = 1_000_000;

/** Fewer have no standard error. */
const fewestPairs = 2;

/** All coalitions of features where the budget lets them be asked, else as many pairs of permutations as it lets. */
export function chooseMethod(features: number, background: number, budget: number): Method {
  // The answers to no feature of the row, and to all of them.
  const known = background + 1;
  const exact = (2 ** features - 2) * background;
  if (exact <= budget) return { name: 'exact', background, rows: exact + known };
  const rowsPerPair = 2 * (features - 1) * background;
  const pairs = Math.max(fewestPairs, Math.floor(budget / rowsPerPair));
  return { name: 'permutations', background, pairs, rows: pairs * rowsPerPair + known };
}

/** What a row is explained in: with all coalitions, against one row of the background after the other; else by steps of a walk. */
export function countSteps(method: Method, features: number): number {
  return method.name === 'exact' ? method.background : method.pairs * 2 * features;
}
