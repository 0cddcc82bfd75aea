import type { Results } from '../results.ts';
import { type Figure, post, timesAsMuch } from './figure.ts';

export function costFigures({ costs }: Results): Figure[] {
  return costs
    .filter(({ system }) => system === 'sepal')
    .map(({ megabytes: memory, rate, total }) => {
      const theirs = costs.find((cost) => cost.system !== 'sepal' && cost.megabytes === memory && cost.rate === rate);
      const often = rate < 0.01 ? '1 request an hour' : `${rate} requests per second`;
      const named = {
        group: 'Cost',
        what: `a million requests, ${often}, ${memory.toLocaleString('en')} MB`,
        against: post,
      };
      const unit = (dollars: number) => `$${dollars.toFixed(2)}`;
      return timesAsMuch(named, { ours: [total], theirs: [theirs?.total ?? Number.NaN], unit });
    });
}
