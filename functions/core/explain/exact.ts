import type { Background } from './background.ts';
import type { Mixer } from './mixer.ts';
import type { Ask } from './walk.ts';

/**
 * Returns the contributions to a row's answer, row-major, [numbers, features]. `differing` is what `mixer.begin`
 * returned.
 */
export type ExplainExactly = (differing: readonly (readonly number[])[], answer: Float64Array) => Promise<Float64Array>;

/**
 * A coalition of `players`: the features in which a row of the background differs from the explained row. `members` has
 * a bit set for each player that is in the coalition.
 */
interface Coalition {
  readonly players: readonly number[];
  readonly members: number;
}

/**
 * Computes Shapley values from all coalitions: first against each row of the background alone, then the mean of these.
 * A feature that has the same value in the explained row and in the row of the background adds nothing, and does not
 * change what other features add. So it is left out, which halves the number of coalitions.
 */
export function createExact(features: number, background: Background, mixer: Mixer, ask: Ask): ExplainExactly {
  const { rows, answers, base } = background;
  const { length: width } = base;
  return async (differing, answer) => {
    // Two sums, so that the order of addition, and thus the rounding, does not depend on how many rows are asked at
    // once.
    const [known, asked] = [createSums(features, width), createSums(features, width)];
    const coalition = new Uint8Array(features);
    let mixed: Coalition[] = [];
    let finished = 0;
    const addMixed = async () => {
      if (mixed.length === 0) return;
      const numbers = await ask(mixer.take(), finished);
      for (let at = 0; at < mixed.length; at += 1) asked.add(mixed[at] as Coalition, numbers, at * width);
      [mixed, finished] = [[], 0];
    };
    for (const [row, players] of toPlayers(differing, rows).entries()) {
      const all = 2 ** players.length - 1;
      // The answers to the empty coalition and to the coalition of all players are known.
      known.add({ players, members: 0 }, answers, row * width);
      known.add({ players, members: all }, answer, 0);
      const only = [row];
      for (let members = 1; members < all; members += 1) {
        if (mixer.room === 0) await addMixed();
        mixed.push({ players, members });
        mixer.add(toCoalition(players, members, coalition), only);
      }
      coalition.fill(0);
      finished += 1;
    }
    await addMixed();
    return asked.contributions.map((sum, at) => (sum + (known.contributions[at] as number)) / rows);
  };
}

/** For each row of the background, the features in which it differs from the explained row. */
function toPlayers(differing: readonly (readonly number[])[], rows: number): readonly (readonly number[])[] {
  const players = Array.from({ length: rows }, (): number[] => []);
  for (const [feature, own] of differing.entries()) for (const row of own) players[row]?.push(feature);
  return players;
}

/** Marks the members in `coalition`. Before the call, only players may be marked in it. */
function toCoalition(players: readonly number[], members: number, coalition: Uint8Array): Uint8Array {
  for (let bit = 0; bit < players.length; bit += 1) coalition[players[bit] as number] = (members >> bit) & 1;
  return coalition;
}

/** Adds up the answers to coalitions, each with its weight in the contributions. */
function createSums(features: number, width: number) {
  const contributions = new Float64Array(width * features);
  const shares = Array.from({ length: features + 1 }, (_, players) => toShares(players));
  return {
    contributions,
    /**
     * Adds the answer that begins at `numbers[start]` to the contributions of the coalition's members, and subtracts it
     * from those of the other players.
     */
    add({ players, members }: Coalition, numbers: Float64Array, start: number): void {
      const { length } = players;
      const own = shares[length] as Float64Array;
      const size = countBits(members);
      const [within, without] = [own[size - 1] ?? 0, -(own[size] ?? 0)];
      for (let bit = 0; bit < length; bit += 1) {
        const weight = (members >> bit) & 1 ? within : without;
        let at = players[bit] as number;
        for (let number = start; number < start + width; number += 1, at += features) {
          contributions[at] = (contributions[at] as number) + weight * (numbers[number] as number);
        }
      }
    },
  };
}

/**
 * For each number of other players, the share of orders in which exactly that many of them come before a given player:
 * `before! (players - before - 1)! / players!`.
 */
function toShares(players: number): Float64Array {
  const shares = new Float64Array(players);
  for (let before = 0; before < players; before += 1) {
    shares[before] = before === 0 ? 1 / players : ((shares[before - 1] as number) * before) / (players - before);
  }
  return shares;
}

function countBits(members: number): number {
  let count = 0;
  for (let rest = members; rest > 0; rest &= rest - 1) count += 1;
  return count;
}
